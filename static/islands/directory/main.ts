/** The directory's search box: results while one types. Without this script the form does the same, a page at a time. */

/// <reference types="vite/client" />

import { getJson } from "../lib/http";
import { readJson } from "../lib/texts";
import { Combobox } from "./combobox";
import "./directory.css";
import type { Answer, Texts } from "./types";

const texts = readJson<Texts>("directory-texts");

for (const box of document.querySelectorAll<HTMLElement>("[data-combobox]")) {
  const source = box.dataset.combobox;
  if (!source) continue;
  const ask = (words: string, signal: AbortSignal) =>
    getJson<Answer>(`${source}?${new URLSearchParams({ q: words })}`, signal);
  new Combobox(box, texts, ask);
}
