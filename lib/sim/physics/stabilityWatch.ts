/** Tells when a value has stayed near its target for long enough. */
export class StabilityWatch {
  #inside = 0;

  /** Forgets what was seen: a new target was set. */
  restart(): void {
    this.#inside = 0;
  }

  /** Takes `dt` more seconds at this `deviation`; true once it was within `tolerance` for `window` seconds without a break. */
  watch(deviation: number, dt: number, tolerance: number, window: number): boolean {
    this.#inside = Math.abs(deviation) <= tolerance ? this.#inside + dt : 0;
    return this.#inside >= window;
  }
}
