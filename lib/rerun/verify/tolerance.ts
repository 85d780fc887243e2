/** By how much a number may differ between two honest measurements. */

import type { DataKey } from "../../engine/documents/documents";
import { noiseOf } from "../format/noise";

export { noiseOf };

/** The smallest tolerance against hardware, relative to the value. */
const RELATIVE = 1e-3;
/** Two values with noise differ by less than this many standard deviations. */
const DEVIATIONS = 4 * Math.SQRT2;

/** The tolerance that a column has by itself: its displayed digits, its noise, and 0.1 % of its values. */
export function toleranceOf(key: DataKey | undefined, values: readonly number[]): number {
  const precision = (key as { readonly precision?: number } | undefined)?.precision;
  const digits = typeof precision === "number" ? 10 ** -precision : 0;
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.max(digits, RELATIVE * largest, DEVIATIONS * noiseOf(values));
}
