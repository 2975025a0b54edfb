/** Where the reader stands in the journal's positions, which have no gap. Pure. */

import type { Entry } from "./protocol";

/** What may be shown of some entries, and where the cursor is after them. */
export interface Taken {
  fresh: Entry[];
  position: number;
  /** The entries began beyond the next position: what is missing must be read first. */
  gap: boolean;
}

/** Takes the entries that continue a cursor: each once, in order; what was seen already is dropped. */
export function take(position: number, entries: readonly Entry[]): Taken {
  const fresh: Entry[] = [];
  let reached = position;
  for (const entry of [...entries].sort((a, b) => a.position - b.position)) {
    if (entry.position <= reached) continue;
    if (entry.position > reached + 1) return { fresh, position: reached, gap: true };
    fresh.push(entry);
    reached = entry.position;
  }
  return { fresh, position: reached, gap: false };
}

/** Runs one reading at a time; a wish that comes meanwhile makes it read once more. */
export class Single {
  #running: Promise<void> | null = null;
  #again = false;

  constructor(readonly work: () => Promise<void>) {}

  run(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#loop().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #loop(): Promise<void> {
    do {
      this.#again = false;
      await this.work();
    } while (this.#again);
  }
}
