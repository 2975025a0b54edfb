/** A button that is on or off: pressed state, look, and the words that tell what pressing it does. */

import { text } from "./config";

/** off: key of the text shown while it is on (it turns it off); on: the contrary. */
export interface Words {
  on: string;
  off: string;
}

/** Shows whether it is on. alarm: off is the state to see at a glance, as with a muted microphone. */
export function press(button: HTMLButtonElement, isOn: boolean, alarm: boolean, words?: Words): void {
  button.setAttribute("aria-pressed", String(isOn));
  button.classList.toggle("off", alarm && !isOn);
  button.classList.toggle("on", !alarm && isOn);
  if (words) button.title = text(isOn ? words.off : words.on);
}

export const MICROPHONE: Words = { on: "unmute", off: "mute" };
export const CAMERA: Words = { on: "camera_on", off: "camera_off" };
export const SCREEN: Words = { on: "share", off: "unshare" };

/** Runs one thing at a time: a second press while the first is still at work does nothing. */
export function once(act: () => Promise<void>): () => void {
  let busy = false;
  return () => {
    if (busy) return;
    busy = true;
    void act().finally(() => {
      busy = false;
    });
  };
}
