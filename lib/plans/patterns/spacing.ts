/** Positions on a line, at equal distances or equal ratios. */

/** `num` positions from `start` to `stop`, both included, at equal distances. */
export function linspace(start: number, stop: number, num: number): number[] {
  if (num === 1) return [start];
  const step = (stop - start) / (num - 1);
  return Array.from({ length: num }, (_, i) => (i === num - 1 ? stop : i * step + start));
}

/** `num` positions from 10^`start` to 10^`stop`, both included, at equal ratios. */
export function logspace(start: number, stop: number, num: number): number[] {
  return linspace(start, stop, num).map((exponent) => 10 ** exponent);
}
