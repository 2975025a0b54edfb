/**
 * A combobox with a list (WAI-ARIA Authoring Practices, "Editable Combobox With List Autocomplete"): the focus stays in the
 * box, arrow keys walk the list, Enter follows, Escape closes. Enter with nothing chosen sends the form as ever.
 */

import { say } from "../lib/announce";
import { make } from "../lib/dom";
import { pause } from "./pause";
import type { Answer, Suggestion, Texts } from "./types";

const PAUSE_MS = 120;

type Ask = (words: string, signal: AbortSignal) => Promise<Answer>;

/** The list under one search box. ask: gets the suggestions for what was typed. */
export class Combobox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  readonly #live = make("p", { class: "visually-hidden", "aria-live": "polite" });
  #options: HTMLElement[] = [];
  #chosen = -1;

  constructor(
    box: HTMLElement,
    readonly texts: Texts,
    readonly ask: Ask,
  ) {
    const input = box.querySelector<HTMLInputElement>("input[type=search]");
    if (!input) throw new Error("a search box holds an input");
    this.#input = input;
    const attributes = { class: "results", role: "listbox", "aria-label": texts.suggestions, hidden: true };
    this.#list = make("ul", { id: "suggestions", ...attributes });
    input.after(this.#list);
    box.append(this.#live);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", this.#list.id);
    this.#open(false);
    this.#listen(box);
  }

  #listen(box: HTMLElement): void {
    const look = pause(PAUSE_MS, (signal) => this.#look(signal));
    this.#input.addEventListener("input", look);
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("focus", () => this.#open(this.#options.length > 0 && this.#words() !== ""));
    box.addEventListener("focusout", () => this.#open(false));
    // The focus stays in the box while a row of the list is pressed.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  async #look(signal: AbortSignal): Promise<void> {
    const words = this.#words();
    if (!words) {
      this.#show({ results: [], words: "" });
      return;
    }
    try {
      this.#show(await this.ask(words, signal));
      if (!this.#options.length) say(this.#live, this.texts.none);
    } catch {
      // Aborted by the next letter, or the server is out of reach: then the form still works.
      if (signal.aborted) return;
      this.#open(false);
      say(this.#live, this.texts.failed);
    }
  }

  #show(answer: Answer): void {
    this.#options = answer.results.map(row);
    this.#list.replaceChildren(...this.#options);
    this.#open(this.#options.length > 0);
    if (answer.words) say(this.#live, answer.words);
  }

  #open(shown: boolean): void {
    this.#list.hidden = !shown;
    this.#input.setAttribute("aria-expanded", String(shown));
    this.#choose(-1);
  }

  #choose(index: number): void {
    this.#chosen = index;
    for (const [at, option] of this.#options.entries()) option.setAttribute("aria-selected", String(at === index));
    const option = this.#options[index];
    if (!option) {
      this.#input.removeAttribute("aria-activedescendant");
      return;
    }
    this.#input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing || this.#list.hidden) return;
    const count = this.#options.length;
    if (event.key === "ArrowDown") this.#choose((this.#chosen + 1) % count);
    else if (event.key === "ArrowUp") this.#choose(this.#chosen <= 0 ? count - 1 : this.#chosen - 1);
    else if (event.key === "Escape") this.#open(false);
    else if (event.key === "Enter" && this.#chosen >= 0) follow(this.#options[this.#chosen]);
    else return;
    event.preventDefault();
  }

  #words(): string {
    return this.#input.value.trim();
  }
}

function row(found: Suggestion, index: number): HTMLElement {
  const name = make("span", { lang: found.language || undefined, dir: found.direction || undefined }, found.name);
  const option = make(
    "li",
    { role: "option", id: `suggestion-${index}`, "aria-selected": "false", "data-url": found.url },
    name,
    make("small", {}, found.detail),
  );
  option.addEventListener("click", () => follow(option));
  return option;
}

function follow(option: HTMLElement | undefined): void {
  const url = option?.dataset.url;
  if (url) location.assign(url);
}
