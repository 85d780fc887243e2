/** The noise of recorded numbers. */

/** The noise of values that change slowly: from the median of their second differences. */
export function noiseOf(values: readonly number[]): number {
  const second = values.slice(2).map((value, i) => Math.abs(value - 2 * (values[i + 1] ?? 0) + (values[i] ?? 0)));
  if (second.length < 3) return 0;
  second.sort((a, b) => a - b);
  return (1.48 * (second[Math.floor(second.length / 2)] ?? 0)) / Math.sqrt(6);
}
