/** What was typed and is not in the journal yet: kept until the server has acknowledged it, sent in order, said once. */

import type { SentFile } from "./protocol";
import type { Store } from "./store";

export interface Pending {
  clientId: string;
  body: string;
  files: SentFile[];
  at: number;
}

const NAME = "queue";

/** The messages that wait, oldest first. Every change reads the store anew: another tab may have changed it. */
export class Queue {
  constructor(readonly store: Store) {}

  all(): Pending[] {
    try {
      const kept: unknown = JSON.parse(this.store.get(NAME) ?? "[]");
      return Array.isArray(kept) ? kept.filter(isPending).map((each) => ({ ...each, files: each.files ?? [] })) : [];
    } catch {
      return [];
    }
  }

  add(pending: Pending): void {
    this.#keep([...this.all(), pending]);
  }

  remove(clientId: string): void {
    this.#keep(this.all().filter((pending) => pending.clientId !== clientId));
  }

  #keep(pending: Pending[]): void {
    this.store.set(NAME, pending.length ? JSON.stringify(pending) : null);
  }
}

/** A name that no other message has: 128 random bits. Works on pages without a secure context, too. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isPending(value: unknown): value is Pending {
  const pending = value as Partial<Pending> | null;
  return typeof pending?.clientId === "string" && typeof pending.body === "string" && typeof pending.at === "number";
}
