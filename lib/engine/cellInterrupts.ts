/**
 * The interrupt buttons of the notebook cells that wait for a plan: the cell that started it, and cells that
 * await it.
 */

import { currentHost, type Interruption } from "../display/host";

export class CellInterrupts {
  readonly #onInterrupt: (interruption: Interruption) => void;
  readonly #listeners = new Map<AbortSignal, () => void>();

  constructor(onInterrupt: (interruption: Interruption) => void) {
    this.#onInterrupt = onInterrupt;
  }

  /** Whether there is a cell to watch. */
  get watching(): boolean {
    return this.#listeners.size > 0;
  }

  /** Whether a cell was not interrupted, so that it may still run and keep other cells from running. */
  get uninterrupted(): boolean {
    return [...this.#listeners.keys()].some(({ aborted }) => !aborted);
  }

  /** Watches the cell whose code runs now, if there is one. */
  watchCurrentCell(): void {
    const signal = currentHost().currentSignal();
    if (!signal || this.#listeners.has(signal)) return;
    const listener = () => this.#onInterrupt((signal.reason ?? {}) as Interruption);
    this.#listeners.set(signal, listener);
    if (signal.aborted) listener();
    else signal.addEventListener("abort", listener, { once: true });
  }

  /**
   * Ends the cells that were interrupted: what the user asked for is done and shown. Their code goes on when
   * the plan ends.
   * @param until says when, see `Interruption.accepted`
   */
  accept(until: () => string | undefined): void {
    for (const { aborted, reason } of this.#listeners.keys()) {
      if (aborted) (reason as Interruption | undefined)?.accepted?.(until);
    }
  }

  /** Stops watching. */
  close(): void {
    for (const [signal, listener] of this.#listeners) signal.removeEventListener("abort", listener);
    this.#listeners.clear();
  }
}
