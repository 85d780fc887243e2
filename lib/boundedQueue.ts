// A queue that cannot fill the memory.

/**
 * First in, first out. At most `capacity` items wait: beyond that the oldest is given up and counted in `lost`.
 * `onLoss` is told the first time, and at the end how many it were.
 */
export class BoundedQueue<T> {
  readonly capacity: number;
  readonly #onLoss: (problem: string) => void;
  readonly #items: T[] = [];
  #head = 0;
  #lost = 0;
  #ended = false;

  /** `onLoss` gets one line for people. */
  constructor(capacity: number, onLoss: (problem: string) => void) {
    this.capacity = capacity;
    this.#onLoss = onLoss;
  }

  /** Items waiting to be taken. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Items given up. */
  get lost(): number {
    return this.#lost;
  }

  push(item: T): void {
    this.#items.push(item);
    if (this.length <= this.capacity) return;
    this.shift();
    this.#lost += 1;
    if (this.#lost > 1) return;
    this.#onLoss(
      `updates come faster than they are taken: ${this.capacity} wait, older ones are given up from now on (told once)`,
    );
  }

  /** Nothing comes any more; what waits can still be taken. */
  end(): void {
    if (this.#lost > 0 && !this.#ended) this.#onLoss(`${this.#lost} updates were given up in all`);
    this.#ended = true;
  }

  /** Takes the oldest; undefined if none waits. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    // moving what is left once in a while keeps taking at constant cost
    if (this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}
