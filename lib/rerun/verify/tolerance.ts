/** By how much a number may differ between two honest measurements. */

import type { DataKey } from "../../engine/documents/documents";
import { noiseOf } from "../format/noise";

/** The smallest tolerance against hardware, relative to the value. */
const RELATIVE = 1e-3;
/** Two values with noise differ by less than this many standard deviations. */
const DEVIATIONS = 4 * Math.SQRT2;

/** In arrays, noise is found in no more than this number of elements, evenly chosen. */
const ELEMENTS = 50;

/**
 * The tolerance that a column has by itself: its displayed digits, its noise, and 0.1 % of its values. Values
 * are numbers, or arrays of numbers of one shape, in which each element is a series of its own.
 */
export function columnTolerance(key: DataKey | undefined, values: readonly unknown[]): number {
  const precision = key?.precision;
  const digits = typeof precision === "number" ? 10 ** -precision : 0;
  const points = values.map((value) => (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]));
  // A point without a number, such as a missing value, says nothing about the noise of the others.
  const numbers = points
    .map((point) => point.filter((value): value is number => Number.isFinite(value)))
    .filter(({ length }) => length > 0);
  let largest = 0;
  for (const point of numbers) for (const value of point) largest = Math.max(largest, Math.abs(value));
  return Math.max(digits, RELATIVE * largest, DEVIATIONS * noiseOfElements(numbers));
}

/** The median of the noise of the elements. */
function noiseOfElements(points: readonly (readonly number[])[]): number {
  const length = points[0]?.length ?? 0;
  if (points.some((point) => point.length !== length)) return 0;
  const step = Math.max(1, Math.ceil(length / ELEMENTS));
  const sizes: number[] = [];
  for (let i = 0; i < length; i += step) sizes.push(noiseOf(points.map((point) => point[i] ?? 0)));
  return sizes.sort((a, b) => a - b)[Math.floor(sizes.length / 2)] ?? 0;
}
