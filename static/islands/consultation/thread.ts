/** The thread on the page: lines appear once, in order; what is not in the journal yet stands at the end. */

import { byId, make } from "../lib/dom";
import { fill } from "../lib/texts";
import { fileList } from "./files";
import type { Entry, Reader, SentFile, Texts } from "./protocol";
import type { Pending } from "./queue";
import type { Progress } from "./sender";

const FOLLOWS_MS = 5 * 60_000;

/** What the buttons of a failed message do. */
export interface Actions {
  retry: (clientId: string) => void;
  discard: (clientId: string) => void;
}

export class Thread {
  readonly list = byId("thread", HTMLOListElement);
  readonly #template = byId("message-template", HTMLTemplateElement);
  readonly #readers = new Map<number, Reader>();
  readonly #lists = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });

  constructor(
    readonly texts: Texts,
    readonly account: number,
    readonly filesAt: string,
    readonly actions: Actions,
  ) {}

  /** Shows an entry. unread: with the line "New" before it. */
  append(entry: Entry, unread: boolean): void {
    const waiting = entry.client_id ? this.#pending(entry.client_id) : null;
    if (entry.kind === "silent") return;
    const previous = this.#lastLine();
    if (previous?.dataset.day !== entry.day) this.#insert(make("li", { class: "day" }, make("span", {}, entry.day)));
    if (unread) this.#unreadLine();
    const line = entry.kind === "message" ? this.#message(entry, unread ? null : previous) : event(entry);
    waiting?.remove();
    this.#insert(line);
    if (entry.mine) this.#showReaders();
  }

  /** Shows a message that is not in the journal yet, or what became of it. */
  progress(pending: Pending, progress: Progress, reason = ""): void {
    const known = this.#pending(pending.clientId);
    // The entry may be here before its acknowledgement: then it stands in the thread already.
    if (progress === "sent" && !known) return;
    const line = known ?? this.#pendingLine(pending);
    const message = line.querySelector("article");
    message?.classList.toggle("sending", progress !== "failed");
    message?.classList.toggle("failed", progress === "failed");
    const foot = line.querySelector("footer");
    if (!foot) return;
    foot.hidden = false;
    foot.textContent =
      progress === "failed"
        ? fill(this.texts.failed, { reason: reason || this.texts.not_taken })
        : this.texts[progress];
    line.dataset.progress = progress;
    if (progress === "failed") foot.append(" ", ...this.#buttons(pending.clientId, line));
  }

  /** Takes away what waits under this name: the thread shows it already. */
  drop(clientId: string): void {
    this.#pending(clientId)?.remove();
  }

  /** Somebody has read up to a position. */
  read(readers: readonly Reader[]): void {
    for (const reader of readers) {
      const known = this.#readers.get(reader.account);
      if (!known || known.position < reader.position) this.#readers.set(reader.account, reader);
    }
    this.#showReaders();
  }

  /** The last line that is in the journal. */
  get end(): HTMLElement | null {
    return this.list.querySelector<HTMLElement>("li:last-child");
  }

  removeUnreadLine(): void {
    this.list.querySelector("#unread")?.remove();
  }

  #insert(line: HTMLElement): void {
    this.list.insertBefore(line, this.list.querySelector("li[data-client-id]"));
  }

  #lastLine(): HTMLElement | null {
    return [...this.list.querySelectorAll<HTMLElement>("li[data-position]")].at(-1) ?? null;
  }

  #unreadLine(): void {
    this.removeUnreadLine();
    this.#insert(make("li", { class: "unread-line", id: "unread" }, make("span", {}, this.texts.new)));
  }

  #message(entry: Entry, previous: HTMLElement | null): HTMLElement {
    const line = this.#blank();
    const { author } = entry;
    line.id = `e${entry.position}`;
    Object.assign(line.dataset, {
      position: String(entry.position),
      mine: String(entry.mine),
      day: entry.day,
      at: entry.at,
      account: String(author?.account ?? ""),
    });
    const message = line.querySelector("article");
    message?.classList.toggle("follows", follows(previous, entry));
    message?.classList.add("arrived");
    const face = line.querySelector(".face");
    face?.classList.toggle("ours", entry.ours);
    if (face) face.textContent = author?.initials ?? "";
    put(line, '[data-part="name"]', author?.name ?? "");
    put(line, '[data-part="authority"]', [author?.authority, author?.state].filter(Boolean).join(" · "));
    const time = line.querySelector("time");
    if (time) {
      time.dateTime = entry.at;
      time.title = entry.moment;
      time.textContent = entry.time;
      time.hidden = follows(previous, entry) && previous?.querySelector("time")?.textContent === entry.time;
    }
    const body = line.querySelector<HTMLElement>(".body");
    body?.append(...cleaned(entry.html));
    if (entry.language && body) body.lang = entry.language;
    this.#files(line, entry.files, this.filesAt);
    return line;
  }

  #pendingLine(pending: Pending): HTMLElement {
    const line = this.#blank();
    line.dataset.clientId = pending.clientId;
    line.querySelector(".face")?.classList.add("ours");
    for (const hidden of line.querySelectorAll<HTMLElement>(".face, .msg-head")) hidden.hidden = true;
    put(line, ".body", pending.body);
    line.querySelector(".body")?.classList.add("as-typed");
    this.#files(line, pending.files, null);
    this.list.append(line);
    return line;
  }

  /** at: where files are got from; null where they are not to be had yet. */
  #files(line: HTMLElement, given: readonly SentFile[], at: string | null): void {
    if (given.length) line.querySelector(".body")?.after(fileList(given, at, this.texts));
  }

  #pending(clientId: string): HTMLElement | null {
    return this.list.querySelector<HTMLElement>(`li[data-client-id="${CSS.escape(clientId)}"]`);
  }

  #buttons(clientId: string, line: HTMLElement): HTMLElement[] {
    const again = make("button", { type: "button", class: "link" }, this.texts.again);
    const discard = make("button", { type: "button", class: "link" }, this.texts.discard);
    again.addEventListener("click", () => this.actions.retry(clientId));
    discard.addEventListener("click", () => {
      this.actions.discard(clientId);
      line.remove();
    });
    return [again, discard];
  }

  /** Under each of one's own messages who has read it; once, where the next one was read by the same people. */
  #showReaders(): void {
    let later: string | null = null;
    for (const line of [...this.list.querySelectorAll<HTMLElement>('li[data-mine="true"]')].reverse()) {
      const foot = line.querySelector("footer");
      if (!foot) continue;
      const words = this.#readBy(Number(line.dataset.position));
      if (foot.textContent !== words) foot.textContent = words;
      foot.hidden = words === later;
      later = words;
    }
  }

  #readBy(position: number): string {
    const readers = [...this.#readers.values()].filter((r) => r.position >= position && r.account !== this.account);
    const names = this.#lists.format(readers.map((reader) => reader.name));
    return readers.length ? fill(this.texts.read_by, { names }) : this.texts.unread_by_all;
  }

  #blank(): HTMLElement {
    const made = document.importNode(this.#template.content, true).querySelector("li");
    if (!made) throw new Error("the message template holds no line");
    return made;
  }
}

/** Said by the same hand just before: the face and the name stand once. */
function follows(previous: HTMLElement | null, entry: Entry): boolean {
  if (!previous?.dataset.at || previous.dataset.day !== entry.day) return false;
  const soon = Date.parse(entry.at) - Date.parse(previous.dataset.at) < FOLLOWS_MS;
  return soon && previous.dataset.account === String(entry.author?.account);
}

function event(entry: Entry): HTMLElement {
  const time = make("time", { datetime: entry.at, title: entry.moment }, entry.time);
  const line = make("li", { class: "event", id: `e${entry.position}` }, make("bdi", {}, entry.text), " ", time);
  Object.assign(line.dataset, { position: String(entry.position), day: entry.day });
  return line;
}

/** The server's HTML, which it has cleaned, as nodes. */
function cleaned(html: string): Node[] {
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}

function put(line: HTMLElement, selector: string, text: string): void {
  const element = line.querySelector(selector);
  if (element) element.textContent = text;
}
