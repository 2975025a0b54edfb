/** Says how far the reader has read: when the end of the thread is seen in a window that has the focus. */

import type { Connection } from "./connection";

export class Reading {
  #seen = false;
  #told: number;
  #telling = false;
  readonly #observer = new IntersectionObserver((changes) => {
    this.#seen = changes.at(-1)?.isIntersecting ?? false;
    void this.tell();
  });

  /** read: how far the server knows already. end: something below the last line. */
  constructor(
    readonly connection: Connection,
    readonly position: () => number,
    read: number,
    end: Element,
  ) {
    this.#told = read;
    this.#observer.observe(end);
    window.addEventListener("focus", () => void this.tell());
    document.addEventListener("visibilitychange", () => void this.tell());
  }

  /** Whether somebody is looking at the end of the thread. */
  get present(): boolean {
    return this.#seen && !document.hidden && document.hasFocus();
  }

  async tell(): Promise<void> {
    const position = this.position();
    if (!this.present || this.#telling || position <= this.#told) return;
    this.#telling = true;
    try {
      await this.connection.read(position);
      this.#told = position;
    } catch {
      // Told again with the next message, or after the next join.
    } finally {
      this.#telling = false;
    }
    if (this.#told === position && this.position() > position) await this.tell();
  }
}
