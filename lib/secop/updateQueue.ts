// Updates for a consumer that must not miss one.

import type { CacheItem } from "./cacheItem";

/**
 * Every item of a parameter in order, for `for await`: what the consumer has no time for yet is kept, up to a capacity;
 * beyond that the oldest is given up and counted. Without a queue a slow consumer simply sees the latest value in the
 * cache.
 */
export class UpdateQueue<T = unknown> implements AsyncIterable<CacheItem<T>> {
  readonly capacity: number;
  readonly #items: CacheItem<T>[] = [];
  readonly #end: () => void;
  #head = 0;
  #lost = 0;
  #closed = false;
  #wake: (() => void) | undefined;

  /** `listen` starts the flow of items and returns what ends it. */
  constructor(capacity: number, listen: (push: (item: CacheItem<T>) => void) => () => void) {
    this.capacity = capacity;
    this.#end = listen((item) => this.#push(item));
  }

  /** Items waiting to be taken. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Items given up because the consumer was too slow. */
  get lost(): number {
    return this.#lost;
  }

  /** Ends the flow; what waits can still be taken. */
  close(): void {
    this.#end();
    this.#closed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<CacheItem<T>, void, undefined> {
    try {
      while (true) {
        const item = this.#shift();
        if (item) yield item;
        else if (this.#closed) return;
        else await this.#more();
      }
    } finally {
      this.close();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #push(item: CacheItem<T>): void {
    this.#items.push(item);
    if (this.length > this.capacity) {
      this.#shift();
      this.#lost += 1;
    }
    this.#wake?.();
    this.#wake = undefined;
  }

  #shift(): CacheItem<T> | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head += 1;
    // moving what is left once in a while keeps taking at constant cost
    if (this.#head * 2 >= this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
    return item;
  }
}
