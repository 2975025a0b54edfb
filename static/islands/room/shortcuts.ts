/** Single keys in the call. They can be turned off, for who speaks to their computer (WCAG 2.1.4). */

import { preferences } from "./preferences";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** keys: what to do for each letter, by the letter printed on the key in lower case. */
export function shortcuts(keys: Record<string, () => void>): void {
  document.addEventListener("keydown", (event) => {
    if (!preferences.shortcuts || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    // A Russian or Arabic keyboard has other letters in the same places: then the place decides.
    const letter = /^[a-z]$/i.test(event.key) ? event.key.toLowerCase() : event.code.replace("Key", "").toLowerCase();
    const act = keys[letter];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
