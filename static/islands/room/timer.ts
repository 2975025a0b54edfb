/** How long one has been in the room, and a screen that does not go dark meanwhile. */

export class Elapsed {
  private since: number | undefined;
  private timer: number | undefined;

  constructor(private readonly place: HTMLTimeElement) {}

  /** Starts to count; goes on counting when it already does. */
  start(): void {
    if (this.since !== undefined) return;
    this.since = Date.now();
    this.show();
    this.timer = window.setInterval(() => this.show(), 1000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.since = undefined;
  }

  private show(): void {
    const seconds = Math.floor((Date.now() - (this.since ?? Date.now())) / 1000);
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    this.place.textContent = parts.map((part) => String(part).padStart(2, "0")).join(":");
    this.place.dateTime = `PT${seconds}S`;
  }
}

let lock: WakeLockSentinel | undefined;
let wanted = false;

async function ask(): Promise<void> {
  if (!wanted || !("wakeLock" in navigator) || document.visibilityState !== "visible") return;
  // Refused on a low battery; then the screen goes dark as it does elsewhere.
  lock = await navigator.wakeLock.request("screen").catch(() => undefined);
}

document.addEventListener("visibilitychange", () => void ask());

/** Keeps the screen lit while in the call (Screen Wake Lock API). */
export function keepAwake(on: boolean): void {
  wanted = on;
  if (on) void ask();
  else void lock?.release();
}
