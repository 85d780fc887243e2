/** Decides when a value is stable. */

/** Watches how long a value stays near its target. */
export class StabilityWatch {
  /** Seconds within tolerance without a break. */
  #inside = 0;

  /** Starts over, for a new target. */
  restart(): void {
    this.#inside = 0;
  }

  /**
   * Adds `dt` seconds at a deviation. Returns whether it was within `tolerance` for `window` seconds without
   * a break.
   */
  watch(deviation: number, dt: number, tolerance: number, window: number): boolean {
    this.#inside = Math.abs(deviation) <= tolerance ? this.#inside + dt : 0;
    return this.#inside >= window;
  }
}
