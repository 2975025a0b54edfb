/** Passing messages: seen for a while in a corner, and read aloud by screen readers. */

import { icon, make } from "./dom";
import { readJson } from "./texts";

const SHOWN_MS = 6000;

export type Tone = "plain" | "good" | "bad";

/** Shows a message. One that tells of a fault stays until it is closed. */
export function toast(message: string, tone: Tone = "plain"): void {
  const region = document.getElementById("toasts");
  if (!region) return;
  const { close } = readJson<{ close: string }>("shell-texts");
  const button = make("button", { type: "button", class: "icon-btn", "aria-label": close }, icon("close"));
  const box = make("div", { class: `toast ${tone === "plain" ? "" : tone}`.trim() }, make("span", {}, message), button);
  button.addEventListener("click", () => box.remove());
  region.append(box);
  if (tone !== "bad") setTimeout(() => box.remove(), SHOWN_MS);
}

/** Says something to screen readers alone, in a region of the page's own (aria-live). */
export function say(region: HTMLElement, message: string): void {
  region.textContent = "";
  // Emptied first and filled in the next frame: the same words twice are then read twice.
  requestAnimationFrame(() => {
    region.textContent = message;
  });
}
