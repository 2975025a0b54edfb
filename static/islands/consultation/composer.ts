/** The place to write: Ctrl+Enter sends, drafts are kept here at once and on the server a moment later. */

import { byId } from "../lib/dom";
import type { Attaching } from "./attaching";
import type { Connection } from "./connection";
import type { SentFile, Texts } from "./protocol";
import type { Store } from "./store";

const DRAFT_MS = 800;
const TYPING_EVERY_MS = 3000;
const IDLE_MS = 5000;
const NAME = "draft";

export class Composer {
  readonly #form = byId("composer", HTMLFormElement);
  readonly #field = byId("body", HTMLTextAreaElement);
  readonly #state = byId("draft-state", HTMLElement);
  #saving = 0;
  #idle = 0;
  #lastTyping = 0;
  #held = false;

  constructor(
    readonly texts: Texts,
    readonly store: Store,
    readonly connection: Connection,
    readonly attaching: Attaching,
    readonly send: (body: string, files: SentFile[]) => void,
  ) {
    const kept = store.get(NAME);
    if (kept !== null) this.#field.value = kept;
    // The browser's own check would speak of the field before anything was said to be wrong.
    this.#form.noValidate = true;
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Brings a draft that the server does not have yet there. */
  async keep(): Promise<void> {
    const body = this.store.get(NAME);
    if (body === null) return;
    try {
      await this.connection.draft(body);
    } catch {
      this.#show(body, this.texts.draft_kept_here);
      return;
    }
    // What was typed while the answer was under way is not on the server yet.
    if (this.store.get(NAME) === body) this.store.set(NAME, null);
    this.#show(body, this.texts.draft_kept);
  }

  /** A file has arrived, or was removed: what was to be sent goes out when all are here. */
  filesChanged(): void {
    if (!this.#held || this.attaching.busy) return;
    this.#held = false;
    this.#state.textContent = "";
    if (!this.attaching.failed) this.#form.requestSubmit();
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const body = this.#field.value.trim();
    const { attaching } = this;
    if (!body && attaching.empty) {
      this.#field.focus();
      return;
    }
    this.#held = attaching.busy;
    if (this.#held || attaching.failed) {
      attaching.failed?.querySelector("button")?.focus();
      this.#state.textContent = this.#held ? this.texts.held : "";
      return;
    }
    this.send(body, attaching.take());
    this.#field.value = "";
    this.#changed();
    this.#stopTyping();
    this.#field.focus();
  }

  #typed(): void {
    this.#changed();
    const now = Date.now();
    if (this.#field.value.trim() && now - this.#lastTyping > TYPING_EVERY_MS) {
      this.#lastTyping = now;
      this.connection.typing(true);
    }
    clearTimeout(this.#idle);
    this.#idle = window.setTimeout(() => this.#stopTyping(), IDLE_MS);
  }

  #changed(): void {
    this.store.set(NAME, this.#field.value);
    this.#state.textContent = "";
    clearTimeout(this.#saving);
    this.#saving = window.setTimeout(() => void this.keep(), DRAFT_MS);
  }

  #stopTyping(): void {
    clearTimeout(this.#idle);
    if (this.#lastTyping) this.connection.typing(false);
    this.#lastTyping = 0;
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#form.requestSubmit();
    } else if (event.key === "Escape") {
      document.getElementById("thread")?.focus();
    }
  }

  #show(body: string, words: string): void {
    this.#state.textContent = body.trim() ? words : "";
  }
}
