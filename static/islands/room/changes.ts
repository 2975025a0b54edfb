/** What to tell those who do not see it: who came, went, was muted or shares, found by comparing two moments. */

import { text } from "./config";
import type { Person, Tile } from "./view";

/** Somebody who is back within this time (a reload, a short loss) was never gone. */
const GRACE_MS = 3000;

/** Whoever comes publishes sound and picture in this time: that needs no words of its own. */
const SETTLING_MS = 4000;

interface Known {
  name: string;
  muted: boolean;
  shares: boolean;
  since: number;
}

export class Changes {
  private readonly known = new Map<string, Known>();
  private readonly leaving = new Map<string, number>();
  private started = false;

  constructor(private readonly tell: (message: string) => void) {}

  /** Compares with the moment before. The first moment after `reset` is only remembered. */
  update(people: readonly Person[], tiles: readonly Tile[]): void {
    const sharing = new Set(tiles.filter((tile) => tile.source === "screen").map((tile) => tile.identity));
    const present = new Map<string, Known>();
    for (const { identity, name, muted, local } of people) {
      if (!local) present.set(identity, { name, muted, shares: sharing.has(identity), since: Date.now() });
    }
    for (const [identity, now] of present) this.compare(identity, now);
    for (const [identity, before] of this.known) if (!present.has(identity)) this.miss(identity, before);
    this.started = true;
  }

  reset(): void {
    for (const timer of this.leaving.values()) clearTimeout(timer);
    this.leaving.clear();
    this.known.clear();
    this.started = false;
  }

  private compare(identity: string, now: Known): void {
    const before = this.known.get(identity);
    const returned = this.leaving.has(identity);
    clearTimeout(this.leaving.get(identity));
    this.leaving.delete(identity);
    const since = before && !returned ? before.since : now.since;
    this.known.set(identity, { ...now, since });
    if (!this.started) return;
    if (!before) this.tell(text("joined", { name: now.name }));
    const settled = now.since - since > SETTLING_MS;
    if (before && settled && before.muted !== now.muted)
      this.tell(text(now.muted ? "is_muted" : "is_unmuted", { name: now.name }));
    if ((before?.shares ?? false) !== now.shares)
      this.tell(text(now.shares ? "shares" : "stopped_sharing", { name: now.name }));
  }

  private miss(identity: string, before: Known): void {
    if (this.leaving.has(identity)) return;
    const timer = window.setTimeout(() => {
      this.leaving.delete(identity);
      this.known.delete(identity);
      this.tell(text("someone_left", { name: before.name }));
    }, GRACE_MS);
    this.leaving.set(identity, timer);
  }
}
