/** The hold of a plan: who waits, and who releases it. */

/** Holds a plan until somebody lets it go on. */
export class PlanHold {
  #release: (() => void) | undefined;

  /** Resolves at the next `release`. */
  untilReleased(): Promise<void> {
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  /** Lets the plan go on; does nothing if it is not held. */
  release(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
