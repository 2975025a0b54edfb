/** Values kept in this browser, for one account and one consultation. Works from memory where storage is refused. */

export class Store {
  readonly #memory = new Map<string, string>();

  constructor(
    readonly account: number,
    readonly consultation: string,
    readonly storage: Storage | null,
  ) {}

  get(name: string): string | null {
    try {
      return this.storage?.getItem(this.#key(name)) ?? this.#memory.get(name) ?? null;
    } catch {
      return this.#memory.get(name) ?? null;
    }
  }

  set(name: string, value: string | null): void {
    if (value === null) this.#memory.delete(name);
    else this.#memory.set(name, value);
    try {
      if (value === null) this.storage?.removeItem(this.#key(name));
      else this.storage?.setItem(this.#key(name), value);
    } catch {
      // Full or refused: memory has it until the page is left.
    }
  }

  /** Removes what other people left in this browser: it is theirs, and nobody else's to read. */
  forgetOthers(): void {
    try {
      for (const key of Object.keys(this.storage ?? {})) {
        if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${this.account}:`)) this.storage?.removeItem(key);
      }
    } catch {
      // Nothing is kept where storage is refused.
    }
  }

  #key(name: string): string {
    return `${PREFIX}${this.account}:${this.consultation}:${name}`;
  }
}

const PREFIX = "comity:";

/** The browser's storage, or null where it is refused. */
export function localStore(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
