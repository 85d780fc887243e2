/** Places on an axis in words, with the digits that the range of the axis asks for. */

import { exponential, fixed, formatNumber, powerOfTen } from "./number";

/** A place or a distance on an axis, with four digits of its range and no zeros at the end. */
export function placeText(value: number, [low, high]: readonly [number, number]): string {
  const spread = Math.abs(high - low);
  if (!(spread > 0) || !Number.isFinite(spread) || !Number.isFinite(value)) return formatNumber(value);
  const step = 3 - powerOfTen(spread);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const asPower = step > 9 || (size < 1e-3 && step > 6) || size >= 1e7;
  // Without a power of ten the digits before the point are written in any case.
  if (Math.abs(value) < 0.5 * 10 ** -(asPower ? step : Math.max(0, step))) return "0";
  if (asPower) {
    const digits = Math.min(12, Math.max(0, powerOfTen(value) + step));
    return exponential(value, digits).replace(/\.?0+e/, "e");
  }
  const text = fixed(value, Math.max(0, step));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
