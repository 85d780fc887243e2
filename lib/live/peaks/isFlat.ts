/** Decides whether a line differs from a constant within the digits that mean something. */

/**
 * Whether values differ by less than the last digit that means something.
 *
 * If the values are not larger than that digit themselves, their precision is wrong. It is ignored then, so
 * that a peak in them is seen.
 * @param precision the number of digits after the point that mean something
 */
export function isFlat(low: number, high: number, precision: number | undefined): boolean {
  const digit = precision === undefined ? 0 : 10 ** -precision;
  const meaningful = Math.min(Math.abs(low), Math.abs(high)) > 10 * digit;
  return !(high - low > (meaningful ? digit : 0));
}
