/** Things that live as long as somebody uses them, one per key. */
export class Shared<T> {
  readonly #entries = new Map<string, { readonly item: T; users: number }>();
  readonly #close: (item: T) => void;

  constructor(close: (item: T) => void) {
    this.#close = close;
  }

  /** The item of `key`, and what gives it back; the last user's return closes it. Returning twice is fine. */
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
