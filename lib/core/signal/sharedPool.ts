/** A pool of shared items, such as connections, that are counted by their users. */

/** Keeps one item per key for as long as it has users, and closes it when the last user has released it. */
export class SharedPool<T> {
  readonly #entries = new Map<string, { readonly item: T; users: number }>();
  readonly #close: (item: T) => void;

  constructor(close: (item: T) => void) {
    this.#close = close;
  }

  /**
   * The item of `key`, made at first use, with the function that releases it. A second call of `release` has
   * no effect.
   */
  acquire(key: string, make: () => T): { readonly item: T; readonly release: () => void } {
    const entry = this.#entries.get(key) ?? { item: make(), users: 0 };
    this.#entries.set(key, entry);
    entry.users += 1;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      entry.users -= 1;
      if (entry.users > 0) return;
      this.#entries.delete(key);
      this.#close(entry.item);
    };
    return { item: entry.item, release };
  }
}
