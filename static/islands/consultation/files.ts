/** Files of messages on the page: the same markup as the template _files.html. */

import { icon, make } from "../lib/dom";
import type { Entry, SentFile, Texts } from "./protocol";

/** The files of a message. at: where they are got from; null for one that is not sent yet. */
export function fileList(files: readonly SentFile[], at: string | null, texts: Texts): HTMLElement {
  return make("ul", { class: "files", "aria-label": texts.files }, ...files.map((file) => line(file, at)));
}

/** Puts the files of a message on top of the list beside the thread. */
export function listBeside(entry: Entry, at: string): void {
  const card = document.getElementById("all-files");
  const list = card?.querySelector("ul");
  if (!card || !list || !entry.files.length) return;
  const time = make("time", { datetime: entry.at }, entry.moment);
  const who = () =>
    make("small", { class: "wide" }, make("bdi", {}, entry.author?.name ?? ""), " · ", time.cloneNode(true));
  list.prepend(
    ...entry.files.map((file) => {
      const item = line(file, at);
      item.append(who());
      return item;
    }),
  );
  card.hidden = false;
}

function line(file: SentFile, at: string | null): HTMLLIElement {
  if (!file.readable) return make("li", { class: "file" }, icon("file"), make("span", {}, file.name));
  const name = make("bdi", {}, file.name);
  const shown = at ? make("a", { href: `${at}/${file.id}`, download: true }, name) : name;
  return make("li", { class: "file" }, icon("file"), shown, about(file));
}

function about(file: SentFile): HTMLElement {
  return make("small", {}, file.label ? `${file.label} · ` : "", make("bdi", {}, file.size));
}
