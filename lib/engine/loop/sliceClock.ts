/**
 * Says when a loop that never waits has to let the process attend to the rest. Looking at the clock costs more than a message, so it
 * is looked at every so many messages: often where messages are slow, seldom where they are quick.
 */

/** Milliseconds of plain looping. */
const SLICE_MS = 10;
const LONGEST_STRIDE = 256;

export class SliceClock {
  #started = 0;
  #looked = 0;
  #stride = 16;
  #left = 16;

  start(): void {
    this.#started = performance.now();
    this.#looked = this.#started;
  }

  /** Counts a message. @returns whether the slice is over */
  tick(): boolean {
    this.#left -= 1;
    return this.#left <= 0 && this.isOver();
  }

  isOver(): boolean {
    const now = performance.now();
    const sinceLook = now - this.#looked;
    this.#looked = now;
    if (sinceLook > SLICE_MS / 4) this.#stride = Math.max(1, this.#stride >> 2);
    else if (this.#stride < LONGEST_STRIDE) this.#stride *= 2;
    this.#left = this.#stride;
    return now - this.#started >= SLICE_MS;
  }

  /** Lets timers, sockets and views have their turn, then starts a new slice. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.start();
  }
}
