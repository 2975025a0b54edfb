/** What this browser remembers: devices chosen, what was on, and whether single keys work. */

export type Kind = "camera" | "microphone" | "speaker";

export interface Preferences {
  camera: string;
  microphone: string;
  speaker: string;
  cameraOn: boolean;
  microphoneOn: boolean;
  shortcuts: boolean;
}

const NAME = "comity.room.preferences";
const FIRST: Preferences = {
  camera: "",
  microphone: "",
  speaker: "",
  cameraOn: true,
  microphoneOn: true,
  shortcuts: true,
};

function load(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? "{}");
    return { ...FIRST, ...(typeof kept === "object" ? kept : {}) };
  } catch {
    return { ...FIRST };
  }
}

export const preferences: Preferences = load();

/** Changes what is remembered, now and for the next visit. */
export function prefer(change: Partial<Preferences>): void {
  Object.assign(preferences, change);
  localStorage.setItem(NAME, JSON.stringify(preferences));
}
