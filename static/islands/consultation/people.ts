/** Who is here, who writes, who is in the room. */

import { byId } from "../lib/dom";
import { getJson } from "../lib/http";
import { fill } from "../lib/texts";
import type { Texts, Who } from "./protocol";

const TYPING_LASTS_MS = 6000;
const ROOM_EVERY_MS = 20_000;

export class People {
  readonly #presence = byId("presence", HTMLElement);
  readonly #typing = byId("typing", HTMLElement);
  readonly #room = byId("in-room", HTMLElement);
  readonly #typists = new Map<number, { name: string; timer: number }>();
  readonly #lists = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

  constructor(
    readonly texts: Texts,
    readonly account: number,
    readonly presentUrl: string | null,
  ) {
    if (presentUrl) setInterval(() => void this.lookIntoRoom(), ROOM_EVERY_MS);
    void this.lookIntoRoom();
  }

  here(people: readonly Who[]): void {
    const others = people.filter((who) => who.account !== this.account).map((who) => who.name);
    this.#presence.hidden = false;
    this.#presence.classList.toggle("here", others.length > 0);
    const { here, here_alone } = this.texts;
    this.#presence.textContent = others.length ? fill(here, { names: this.#lists.format(others) }) : here_alone;
    for (const account of this.#typists.keys()) {
      if (!people.some((who) => who.account === account)) this.typing(account, "", false);
    }
  }

  /** Nobody knows while there is no connection. */
  unknown(): void {
    this.#presence.hidden = true;
    for (const account of [...this.#typists.keys()]) this.typing(account, "", false);
  }

  /** Somebody writes. It is forgotten by itself, should the end never be told. */
  typing(account: number, name: string, on: boolean): void {
    clearTimeout(this.#typists.get(account)?.timer);
    this.#typists.delete(account);
    if (on && account !== this.account) {
      const timer = window.setTimeout(() => this.typing(account, name, false), TYPING_LASTS_MS);
      this.#typists.set(account, { name, timer });
    }
    const names = [...this.#typists.values()].map((typist) => typist.name);
    if (names.length > 1) this.#typing.textContent = fill(this.texts.typing_many, { names: this.#lists.format(names) });
    else this.#typing.textContent = names[0] ? fill(this.texts.typing_one, { name: names[0] }) : "";
  }

  async lookIntoRoom(): Promise<void> {
    if (!this.presentUrl || document.hidden) return;
    try {
      const { present } = await getJson<{ present: { name: string }[] }>(this.presentUrl);
      const names = this.#lists.format(new Set(present.map((who) => who.name)));
      this.#room.hidden = present.length === 0;
      const words = present.length ? fill(this.texts.room_now, { names }) : "";
      if (this.#room.textContent !== words) this.#room.textContent = words;
    } catch {
      this.#room.hidden = true;
    }
  }
}
