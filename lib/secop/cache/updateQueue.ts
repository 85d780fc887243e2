/** A queue of updates, for a consumer that must not miss one. */

import { BoundedQueue } from "../../boundedQueue";
import { displayBundle } from "../../display/displayBundle";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import type { CacheItem } from "./cacheItem";

/** The source of the items of a queue. */
export interface UpdateQueueSource<T> {
  /** `module:parameter` */
  readonly name: string;
  /** How many items may wait. */
  readonly capacity: number;
  /** Starts the flow of items, and returns the function that ends it. */
  listen(push: (item: CacheItem<T>) => void): () => void;
  /** Called with a line when the first item is dropped, and at the end with the number of dropped items. */
  complain(problem: string): void;
}

/**
 * Every item of a parameter in order, for `for await`. Items wait for a slow consumer, up to a capacity;
 * beyond that the oldest are dropped, counted and reported. Without a queue a slow consumer just sees the
 * latest value in the cache.
 */
export class UpdateQueue<T = unknown> implements AsyncIterable<CacheItem<T>>, Displayable {
  readonly #name: string;
  readonly #items: BoundedQueue<CacheItem<T>>;
  readonly #end: () => void;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor({ name, capacity, listen, complain }: UpdateQueueSource<T>) {
    this.#name = name;
    this.#items = new BoundedQueue(capacity, (problem) => complain(`a queue of ${name}: ${problem}`));
    this.#end = listen((item) => this.#push(item));
  }

  /** How many items may wait. */
  get capacity(): number {
    return this.#items.capacity;
  }

  /** Items waiting to be taken. */
  get length(): number {
    return this.#items.length;
  }

  /** Items dropped because the consumer was too slow. */
  get lost(): number {
    return this.#items.lost;
  }

  /** Ends the queue; waiting items can still be taken. */
  close(): void {
    this.#end();
    this.#items.end();
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CacheItem<T>, void, undefined> {
    try {
      while (true) {
        const item = this.#items.shift();
        if (item) yield item;
        else if (this.#closed) return;
        else await this.#more();
      }
    } finally {
      this.close();
    }
  }

  [$display](): MimeBundle {
    const lost = this.lost > 0 ? `, ${this.lost} given up` : "";
    const text = `updates of ${this.#name}: ${this.length} of at most ${this.capacity} wait${lost}`;
    return displayBundle(text, muted(text));
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #push(item: CacheItem<T>): void {
    this.#items.push(item);
    this.#wake?.();
    this.#wake = undefined;
  }
}
