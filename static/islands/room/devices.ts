/** Lists of devices in <select> elements, kept current while devices come and go. */

import { make } from "../lib/dom";
import { text } from "./config";
import { type Kind, preferences } from "./preferences";

const KINDS: Record<MediaDeviceKind, Kind> = {
  videoinput: "camera",
  audioinput: "microphone",
  audiooutput: "speaker",
};

/** Whether this browser can send the sound to a chosen speaker (Audio Output Devices API). */
export const canChooseSpeaker = "setSinkId" in HTMLMediaElement.prototype;

/** Sends an element's sound to the chosen speaker; stays with the default one where that fails. */
export async function soundThrough(element: HTMLMediaElement): Promise<void> {
  if (!canChooseSpeaker || !preferences.speaker) return;
  await element.setSinkId(preferences.speaker).catch(() => undefined);
}

function option(device: MediaDeviceInfo, number: number): HTMLOptionElement {
  // Labels are empty until the person has allowed the use of devices once.
  const label = device.label || text(`${KINDS[device.kind]}_n`, { number });
  return make("option", { value: device.deviceId }, label);
}

function fill(select: HTMLSelectElement, devices: MediaDeviceInfo[], wanted: string): void {
  const options = devices.map((device, index) => option(device, index + 1));
  select.replaceChildren(...(options.length ? options : [make("option", { value: "" }, text("no_device"))]));
  select.disabled = options.length === 0;
  if (devices.some((device) => device.deviceId === wanted)) select.value = wanted;
}

export type Pickers = Record<Kind, HTMLSelectElement>;

/** Fills the lists now and whenever a device comes or goes. Returns what fills them again. */
export function deviceLists(pickers: Pickers, changed: (kind: Kind, id: string) => void): () => Promise<void> {
  const refresh = async () => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const [source, kind] of Object.entries(KINDS)) {
      fill(
        pickers[kind],
        devices.filter((device) => device.kind === source),
        preferences[kind],
      );
    }
  };
  for (const [kind, select] of Object.entries(pickers) as [Kind, HTMLSelectElement][]) {
    select.addEventListener("change", () => changed(kind, select.value));
  }
  navigator.mediaDevices?.addEventListener("devicechange", () => void refresh());
  return refresh;
}
