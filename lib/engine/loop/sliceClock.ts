/** Says when a loop that never waits has to let timers, sockets and views have their turn. */

// Reading the clock costs more than a message, so it is read once in several messages: often while messages
// are slow, seldom while they are quick.

import { pieceDone, realClock } from "../../clock";
import { isJournaled } from "../../journal";

/** How long the loop runs without a break, in s. */
const SLICE = 0.01;
/** Most messages between two readings of the clock. */
const LONGEST_INTERVAL = 256;
/**
 * Messages between two breaks while a session is recorded or replayed: then breaks must not depend on time.
 */
const JOURNALED_INTERVAL = 64;

export class SliceClock {
  #started = 0;
  #lastRead = 0;
  #interval = 16;
  #left = 16;

  start(): void {
    this.#started = realClock.monotonic();
    this.#lastRead = this.#started;
    if (isJournaled()) this.#left = JOURNALED_INTERVAL;
  }

  /** Counts a message. @returns whether the slice of time is over */
  tick(): boolean {
    this.#left -= 1;
    return this.#left <= 0 && this.isOver();
  }

  isOver(): boolean {
    if (isJournaled()) {
      const isOver = this.#left <= 0;
      if (isOver) this.#left = JOURNALED_INTERVAL;
      return isOver;
    }
    const now = realClock.monotonic();
    const sinceLastRead = now - this.#lastRead;
    this.#lastRead = now;
    if (sinceLastRead > SLICE / 4) this.#interval = Math.max(1, this.#interval >> 2);
    else if (this.#interval < LONGEST_INTERVAL) this.#interval *= 2;
    this.#left = this.#interval;
    return now - this.#started >= SLICE;
  }

  /** Lets timers, sockets and views have their turn, then begins a new slice. */
  async next(): Promise<void> {
    await pieceDone();
    this.start();
  }
}
