/** The lines of earlier runs, for comparison. */

import type { PlotAxes, PreviousLines } from "./lineOptions";
import type { LinePlot } from "./linePlot";

/** The number of combinations of axes whose last lines are remembered. */
const REMEMBERED = 16;
/** The number of earlier runs with the same axes that are remembered. */
const RUNS = 8;

/**
 * Remembers the lines of the last runs for each combination of axes, so
 * that the next run can be compared with them.
 */
export class PreviousRuns {
  readonly #runs = new Map<string, readonly PreviousLines[]>();

  /** The lines of the last runs with these axes, the newest first. */
  get(axes: PlotAxes): readonly PreviousLines[] {
    return this.#runs.get(keyOf(axes)) ?? [];
  }

  /** Remembers the lines of a run that has ended. */
  set(plot: LinePlot): void {
    const key = keyOf(plot.axes);
    const before = this.get(plot.axes);
    this.#runs.delete(key);
    this.#runs.set(key, [plot.asPrevious(), ...before].slice(0, RUNS));
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= REMEMBERED) break;
      this.#runs.delete(oldest);
    }
  }
}

function keyOf({ x, fields }: PlotAxes): string {
  return JSON.stringify([typeof x === "string" ? { x } : x.key, ...fields.map((field) => field.key)]);
}
