/** A queue that cannot fill the memory. */

/**
 * A queue, first in, first out. At most `capacity` items wait. Beyond that the oldest is dropped and counted
 * in `lost`, and `onLoss` is called the first time, and at the end with the number.
 */
export class BoundedQueue<T> {
  readonly capacity: number;
  readonly #onLoss: (problem: string) => void;
  readonly #items: T[] = [];
  #head = 0;
  #lost = 0;
  #ended = false;

  /** `onLoss` gets one line for the user. */
  constructor(capacity: number, onLoss: (problem: string) => void) {
    this.capacity = capacity;
    this.#onLoss = onLoss;
  }

  /** The number of items that wait. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The number of dropped items. */
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
      `updates come faster than they are taken: ${this.capacity} wait, older ones are dropped from now on (reported once)`,
    );
  }

  /** Says that no more items come. Those that wait can still be taken. */
  end(): void {
    if (this.#lost > 0 && !this.#ended) this.#onLoss(`${this.#lost} updates were dropped in all`);
    this.#ended = true;
  }

  /** Takes the oldest item; undefined if none waits. */
  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#head += 1;
    // The array is shortened only when half of it is free, so that each item costs the same on average.
    if (this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}
