/** Positions on a line, at equal distances or equal ratios, as numpy makes them. */

import { UsageError } from "../../errors";
import { checkLength } from "./cycler";

/** `num` positions from `start` to `stop`, both included, at equal distances; default of `num`: 50. */
export function linspace(start: number, stop: number, num = 50): number[] {
  return spaced("linspace", start, stop, num);
}

function spaced(name: string, start: number, stop: number, num: number): number[] {
  check(name, { start, stop });
  if (!Number.isInteger(num) || num < 0) {
    throw new UsageError(`${name}: num is the number of positions, a whole number, not ${String(num)}`);
  }
  checkLength(name, num);
  if (num === 1) return [start];
  const step = (stop - start) / (num - 1);
  return Array.from({ length: num }, (_, i) => (i === num - 1 ? stop : i * step + start));
}

/** `num` positions from 10^`start` to 10^`stop`, both included, at equal ratios; default of `num`: 50. */
export function logspace(start: number, stop: number, num = 50): number[] {
  return spaced("logspace", start, stop, num).map((exponent) => 10 ** exponent);
}

/**
 * `num` positions from `start` to `stop`, both included and of the same sign, at equal ratios; default of
 * `num`: 50.
 */
export function geomspace(start: number, stop: number, num = 50): number[] {
  check("geomspace", { start, stop });
  if (!(start * stop > 0))
    throw new UsageError(`geomspace: ${start} and ${stop} should both be above 0, or both below`);
  const exponents = spaced("geomspace", 0, Math.log(stop / start), num);
  return exponents.map((exponent, i) => (i === 0 ? start : i === num - 1 ? stop : start * Math.exp(exponent)));
}

/**
 * Positions from `start` on, `step` apart, without `stop`: `arange(0, 1, 0.25)` is 0, 0.25, 0.5, 0.75, and
 * `arange(3)` is 0, 1, 2. Unlike numpy's, it leaves out a `stop` that is hit but for rounding.
 */
export function arange(stop: number): number[];
export function arange(start: number, stop: number, step?: number): number[];
export function arange(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  check("arange", { start, stop, step });
  if (step === 0) throw new UsageError("arange: the step is 0, so there is no end: use a step above or below 0");
  const steps = (stop - start) / step;
  const length = Math.max(0, Math.ceil(steps - 1e-9 * Math.max(1, Math.abs(steps))));
  checkLength("arange", length);
  return Array.from({ length }, (_, i) => start + i * step);
}

/** Whole numbers as Python's `range`: `range(3)` is 0, 1, 2, and `range(10, 0, -5)` is 10, 5. */
export function range(stop: number): number[];
export function range(start: number, stop: number, step?: number): number[];
export function range(first: number, second?: number, step = 1): number[] {
  for (const number of [first, second ?? 0, step]) {
    if (!Number.isInteger(number)) throw new UsageError(`range takes whole numbers, not ${String(number)}: use arange`);
  }
  return second === undefined ? arange(first) : arange(first, second, step);
}

function check(name: string, numbers: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(numbers)) {
    if (typeof value === "number" && Number.isFinite(value)) continue;
    throw new UsageError(`${name}: ${key} should be a number, not ${String(value)}`);
  }
}
