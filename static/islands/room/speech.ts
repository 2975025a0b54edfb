/** Reads messages aloud one after the other: in a burst each is heard, none is swallowed by the next. */

import { say } from "../lib/announce";

/** Long enough for a screen reader to take a message up. */
const SPACING_MS = 1200;

export class Speech {
  private readonly waiting: string[] = [];
  private busy = false;

  constructor(private readonly region: HTMLElement) {}

  readonly tell = (message: string): void => {
    this.waiting.push(message);
    if (!this.busy) this.next();
  };

  private next(): void {
    const message = this.waiting.shift();
    this.busy = message !== undefined;
    if (message === undefined) return;
    say(this.region, message);
    setTimeout(() => this.next(), SPACING_MS);
  }
}
