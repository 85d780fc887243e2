/** Positions on a line, at equal distances or equal ratios, as numpy makes them. */

import { UsageError } from "../../errors";
import { checkOptions } from "../../options";
import { checkNumbers, checkPositive, givenText } from "../arguments/valueArguments";
import { checkPositionCount } from "./cycler";

/** Options of `linspace` and `geomspace`. */
export interface SpacingOptions {
  /** Whether `stop` is the last position; else it is where one more would be. Default true. */
  readonly endpoint?: boolean;
}

/** Options of `logspace`. */
export interface LogspaceOptions extends SpacingOptions {
  /** The number whose powers the positions are. Default 10. */
  readonly base?: number;
}

/**
 * `num` positions from `start` to `stop`, both included, at equal distances; default of `num`: 50. A full
 * turn without its end: `linspace(0, 360, 12, { endpoint: false })`.
 */
export function linspace(start: number, stop: number, num = 50, options: SpacingOptions = {}): number[] {
  checkOptions("linspace", options, { endpoint: true });
  return spaced("linspace", start, stop, num, options);
}

/**
 * `num` positions from `base`^`start` to `base`^`stop`, both included, at equal ratios; default of `num`: 50,
 * of `base`: 10.
 */
export function logspace(start: number, stop: number, num = 50, options: LogspaceOptions = {}): number[] {
  checkOptions("logspace", options, { endpoint: true, base: true });
  const { base = 10 } = options;
  checkPositive("logspace", { base });
  return spaced("logspace", start, stop, num, options).map((exponent) => base ** exponent);
}

/**
 * `num` positions from `start` to `stop`, both included and of the same sign, at equal ratios; default of
 * `num`: 50.
 */
export function geomspace(start: number, stop: number, num = 50, options: SpacingOptions = {}): number[] {
  checkOptions("geomspace", options, { endpoint: true });
  checkNumbers("geomspace", { start, stop });
  if (!(start * stop > 0))
    throw new UsageError(`geomspace: ${start} and ${stop} should both be above 0, or both below`);
  const end = Math.log10(stop / start);
  const exponents = spaced("geomspace", 0, end, num, options);
  return exponents.map((exponent, i) => (i > 0 && exponent === end ? stop : start * 10 ** exponent));
}

function spaced(name: string, start: number, stop: number, num: number, { endpoint = true }: SpacingOptions): number[] {
  checkNumbers(name, { start, stop });
  if (!Number.isInteger(num) || num < 0) {
    throw new UsageError(`${name}: num is the number of positions, a whole number, not ${givenText(num)}`);
  }
  checkPositionCount(name, num);
  const steps = endpoint ? num - 1 : num;
  const step = steps > 0 ? (stop - start) / steps : 0;
  return Array.from({ length: num }, (_, i) => (i > 0 && i === steps ? stop : i * step + start));
}

/**
 * Positions from `start` on, `step` apart, without `stop`: `arange(0, 1, 0.25)` is 0, 0.25, 0.5, 0.75, and
 * `arange(3)` is 0, 1, 2. Unlike numpy's, it also leaves out a position that differs from `stop` only by
 * rounding.
 */
export function arange(stop: number): number[];
export function arange(start: number, stop: number | undefined, step?: number): number[];
export function arange(first: number, second?: number, step = 1): number[] {
  const { start, stop } = bounds(first, second);
  checkNumbers("arange", { start, stop, step });
  if (step === 0) throw new UsageError("arange: the step is 0, so there is no end: use a step above or below 0");
  const steps = (stop - start) / step;
  const length = Math.max(0, Math.ceil(steps - 1e-9 * Math.max(1, Math.abs(steps))));
  checkPositionCount("arange", length);
  return Array.from({ length }, (_, i) => start + i * step);
}

/** Whole numbers as Python's `range`: `range(3)` is 0, 1, 2, and `range(10, 0, -5)` is 10, 5. */
export function range(stop: number): number[];
export function range(start: number, stop: number | undefined, step?: number): number[];
export function range(first: number, second?: number, step = 1): number[] {
  const { start, stop } = bounds(first, second);
  for (const number of [start, stop, step]) {
    if (Number.isInteger(number)) continue;
    throw new UsageError(`range takes whole numbers, not ${givenText(number)}: use arange`);
  }
  return arange(start, stop, step);
}

/** A single bound is the end, also beside a step: `range(5, undefined, 2)` is 0, 2, 4. */
function bounds(first: number, second: number | undefined): { readonly start: number; readonly stop: number } {
  return second === undefined || second === null ? { start: 0, stop: first } : { start: first, stop: second };
}
