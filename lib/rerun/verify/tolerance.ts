/** By how much a number may differ between two honest measurements. */

import type { DataKey } from "../../engine/documents/documents";

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

/** The noise of values that change slowly: from the median of their second differences. */
export function noiseOf(values: readonly number[]): number {
  const second = values.slice(2).map((value, i) => Math.abs(value - 2 * (values[i + 1] ?? 0) + (values[i] ?? 0)));
  if (second.length < 3) return 0;
  second.sort((a, b) => a - b);
  return (1.48 * (second[Math.floor(second.length / 2)] ?? 0)) / Math.sqrt(6);
}
