/** The files that are to go out with the next message: chosen, dropped or pasted, sent at once, removed before sending. */

import { toast } from "../lib/announce";
import { byId, icon, make } from "../lib/dom";
import { postJson } from "../lib/http";
import { fill } from "../lib/texts";
import type { PageData, SentFile, Texts } from "./protocol";
import { newClientId } from "./queue";
import { CutOff, FileRefused, upload } from "./upload";

const AGAIN_MS = 3000;
const MEGABYTE = 1_000_000;

interface Item {
  clientId: string;
  source: File | null;
  sent: SentFile | null;
  failed: string;
  stop: AbortController;
  line: HTMLLIElement;
}

export class Attaching {
  readonly #list = byId("to-send", HTMLUListElement);
  readonly #input = byId("files", HTMLInputElement);
  readonly #drop = byId("consultation", HTMLElement);
  #items: Item[] = [];
  #running = false;

  /** spoken: ids that a message which waits to go out has already. changed: called when a file came or went. */
  constructor(
    readonly texts: Texts,
    readonly data: PageData,
    spoken: ReadonlySet<string>,
    readonly changed: () => void,
  ) {
    this.#list.replaceChildren();
    for (const file of data.waiting) if (!spoken.has(file.id)) this.#show(null, file);
    this.#input.addEventListener("change", () => {
      this.add([...(this.#input.files ?? [])]);
      this.#input.value = "";
    });
    this.#watchDrops();
  }

  /** Files are still on their way. */
  get busy(): boolean {
    return this.#items.some((item) => !item.sent && !item.failed);
  }

  /** The first file that could not be taken, to be seen to. */
  get failed(): HTMLElement | null {
    return this.#items.find((item) => item.failed)?.line ?? null;
  }

  get empty(): boolean {
    return !this.#items.length;
  }

  add(files: readonly File[]): void {
    const room = this.data.mostFiles - this.#items.length;
    if (files.length > room) toast(fill(this.texts.too_many_files, { most: this.data.mostFiles }), "bad");
    for (const file of files.slice(0, Math.max(0, room))) {
      const item = this.#show(file, null);
      if (file.size > this.data.mostBytes) {
        const most = Math.floor(this.data.mostBytes / MEGABYTE);
        this.#fail(item, fill(this.texts.file_too_large, { name: file.name, most }), false);
      }
    }
    void this.#sendAll();
  }

  /** Hands over what has arrived, for a message, and begins anew. */
  take(): SentFile[] {
    const sent = this.#items.flatMap((item) => (item.sent ? [item.sent] : []));
    this.#items = [];
    this.#list.replaceChildren();
    return sent;
  }

  #show(source: File | null, sent: SentFile | null): Item {
    const name = sent?.name ?? source?.name ?? "";
    const remove = make(
      "button",
      { type: "button", class: "icon-btn", "aria-label": fill(this.texts.remove, { name }) },
      icon("close"),
    );
    const size = sent ? sent.size : inWords(source?.size ?? 0);
    const line = make("li", { class: "file" }, icon("file"), make("bdi", {}, name), make("small", {}, size), remove);
    const item = { clientId: newClientId(), source, sent, failed: "", stop: new AbortController(), line };
    remove.addEventListener("click", () => this.#remove(item));
    this.#items.push(item);
    this.#list.append(line);
    return item;
  }

  #remove(item: Item): void {
    item.stop.abort();
    const next = (item.line.nextElementSibling ?? item.line.previousElementSibling)?.querySelector("button");
    item.line.remove();
    this.#items = this.#items.filter((each) => each !== item);
    (next ?? this.#input).focus();
    // What does not get through is taken away by the server after a while.
    if (item.sent) postJson(`${this.data.files}/${item.sent.id}/remove.json`, {}).catch(() => undefined);
    this.changed();
  }

  async #sendAll(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let item = this.#next(); item; item = this.#next()) await this.#send(item);
    this.#running = false;
    this.changed();
  }

  #next(): Item | undefined {
    return this.#items.find((item) => !item.sent && !item.failed);
  }

  async #send(item: Item): Promise<void> {
    if (!item.source) return;
    const bar = make("progress", { max: "1", value: "0", "aria-label": this.texts.uploading });
    item.line.querySelector(".wide")?.remove();
    item.line.querySelector("small")?.after(bar);
    try {
      item.sent = await upload(this.data.urls.files, item.clientId, item.source, item.stop.signal, (share) => {
        bar.value = share;
      });
      item.source = null;
    } catch (error) {
      if (item.stop.signal.aborted) return;
      if (error instanceof CutOff) await this.#pause(item);
      else if (error instanceof FileRefused) this.#fail(item, error.reason || this.texts.upload_failed, error.later);
      else throw error;
    } finally {
      bar.remove();
    }
    this.changed();
  }

  /** Until the network may be back. */
  async #pause(item: Item): Promise<void> {
    item.line.append(make("small", { class: "wide" }, this.texts.upload_waiting));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, AGAIN_MS);
      window.addEventListener(
        "online",
        () => {
          clearTimeout(timer);
          resolve();
        },
        { once: true },
      );
    });
  }

  /** later: the same may succeed another time. */
  #fail(item: Item, reason: string, later: boolean): void {
    item.failed = reason;
    item.line.dataset.state = "failed";
    const again = make("button", { type: "button", class: "link" }, this.texts.again);
    again.addEventListener("click", () => {
      item.failed = "";
      delete item.line.dataset.state;
      item.line.querySelector(".wide")?.remove();
      void this.#sendAll();
    });
    item.line.append(make("small", { class: "wide", role: "alert" }, reason, " ", later ? again : ""));
  }

  /** Files can be dropped anywhere on the thread, and pasted into the message. */
  #watchDrops(): void {
    const over = (on: boolean) => this.#drop.classList.toggle("dropping", on);
    this.#drop.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      over(true);
    });
    this.#drop.addEventListener("dragleave", (event) => {
      if (!this.#drop.contains(event.relatedTarget as Node | null)) over(false);
    });
    this.#drop.addEventListener("drop", (event) => {
      over(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.add([...event.dataTransfer.files]);
    });
    byId("body", HTMLTextAreaElement).addEventListener("paste", (event) => {
      if (!event.clipboardData?.files.length) return;
      event.preventDefault();
      this.add([...event.clipboardData.files]);
    });
  }
}

function inWords(bytes: number): string {
  const [value, unit] = bytes < 999_500 ? [Math.max(1, bytes / 1000), "kilobyte"] : [bytes / MEGABYTE, "megabyte"];
  const digits = unit === "kilobyte" ? 0 : 1;
  const format = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(document.documentElement.lang, format).format(value);
}
