/** Pauses between attempts to connect. */

import { randomNumber } from "../../randomSource";

/** First and longest pause, in seconds. */
export interface Pauses {
  readonly first: number;
  readonly longest: number;
}

/** Pauses between attempts: each twice the last, up to the longest, give or take a quarter. */
export class Backoff {
  readonly #pauses: Pauses;
  readonly #random: () => number;
  #pause: number;

  /** `random` gives numbers from 0 to 1. */
  constructor(pauses: Pauses, random: () => number = randomNumber) {
    this.#pauses = pauses;
    this.#random = random;
    this.#pause = pauses.first;
  }

  /** Seconds to wait now. */
  next(): number {
    const pause = this.#pause;
    this.#pause = Math.min(2 * pause, this.#pauses.longest);
    // Nodes behind one switch come back together. Random pauses keep their clients from reconnecting
    // together.
    return pause * (0.75 + this.#random() / 2);
  }

  /** Starts again with the first pause, after a success. */
  reset(): void {
    this.#pause = this.#pauses.first;
  }
}
