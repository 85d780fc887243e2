/** The median of many numbers. */

/** The largest number of values that are sorted; their median is as good as that of all for judging noise. */
const MOST_SORTED = 1 << 14;

/** The median of numbers; of very many, that of an evenly spaced part of them. NaN for none. */
export function medianOf(values: Float64Array): number {
  const every = Math.max(1, Math.ceil(values.length / MOST_SORTED));
  const sorted = (every > 1 ? values.filter((_, i) => i % every === 0) : values.slice()).sort();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  if (sorted.length % 2 === 1) return upper;
  const lower = sorted[half - 1] ?? Number.NaN;
  // The sum of two of the largest numbers would be infinite; half of the smallest number would be 0.
  return Math.abs(lower) > 1 ? lower / 2 + upper / 2 : (lower + upper) / 2;
}
