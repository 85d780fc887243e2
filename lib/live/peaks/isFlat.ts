/** Decides whether a line is flat: constant within its significant digits. */

/**
 * Whether values differ by less than their last significant digit.
 *
 * If the values are not larger than that digit themselves, their precision is wrong. It is ignored then, so
 * that a peak in them is seen.
 * @param precision the number of significant digits after the point
 */
export function isFlat(low: number, high: number, precision: number | undefined): boolean {
  const digit = precision === undefined ? 0 : 10 ** -precision;
  const meaningful = Math.min(Math.abs(low), Math.abs(high)) > 10 * digit;
  return !(high - low > (meaningful ? digit : 0));
}
