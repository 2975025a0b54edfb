/** Sends what waits, one after the other, again and again until it is acknowledged. */

import { type Connection, Refused } from "./connection";
import { Single } from "./cursor";
import type { SentFile } from "./protocol";
import { newClientId, type Pending, type Queue } from "./queue";

export type Progress = "sending" | "waiting" | "sent" | "failed";

const TOO_MANY_MS = 3000;

export class Sender {
  readonly #failed = new Set<string>();
  readonly #flush = new Single(() => this.#sendAll());

  /** shown: called with each change; reason: why it failed. acknowledged: a message is in the journal, and where. */
  constructor(
    readonly queue: Queue,
    readonly connection: Connection,
    readonly shown: (pending: Pending, progress: Progress, reason?: string) => void,
    readonly acknowledged: (pending: Pending, position: number) => void,
  ) {}

  /** Shows what an earlier visit left behind, and sends it. */
  restore(): void {
    for (const pending of this.queue.all()) this.shown(pending, "waiting");
  }

  send(body: string, files: SentFile[]): void {
    const pending = { clientId: newClientId(), body, files, at: Date.now() };
    this.queue.add(pending);
    this.shown(pending, this.connection.open ? "sending" : "waiting");
    void this.flush();
  }

  flush(): Promise<void> {
    return this.#flush.run();
  }

  retry(clientId: string): void {
    this.#failed.delete(clientId);
    void this.flush();
  }

  /** Takes a message out: it is in the journal after all, or is not to be sent. */
  discard(clientId: string): void {
    this.#failed.delete(clientId);
    this.queue.remove(clientId);
  }

  async #sendAll(): Promise<void> {
    let open = true;
    for (const pending of this.queue.all()) {
      if (this.#failed.has(pending.clientId)) continue;
      if (open) open = await this.#sendOne(pending);
      else this.shown(pending, "waiting");
    }
  }

  /** Whether the next one may follow. */
  async #sendOne(pending: Pending): Promise<boolean> {
    this.shown(pending, this.connection.open ? "sending" : "waiting");
    let position: number;
    try {
      ({ position } = await this.connection.post(pending));
    } catch (error) {
      return this.#refused(pending, error);
    }
    this.queue.remove(pending.clientId);
    this.shown(pending, "sent");
    this.acknowledged(pending, position);
    return true;
  }

  #refused(pending: Pending, error: unknown): boolean {
    if (!(error instanceof Refused) || error.code === "not-found" || error.code === "404") {
      this.shown(pending, "waiting");
      return false;
    }
    if (error.code === "too-many" || error.code === "429") {
      this.shown(pending, "waiting");
      setTimeout(() => void this.flush(), TOO_MANY_MS);
      return false;
    }
    this.#failed.add(pending.clientId);
    this.shown(pending, "failed", error.reason);
    return true;
  }
}
