/** The median of many numbers. */

/** The median of numbers, in time proportional to their count; NaN for none. It changes their order. */
export function medianInPlace(values: Float64Array): number {
  const { length } = values;
  if (length === 0) return Number.NaN;
  const half = length >> 1;
  const upper = selected(values, half);
  if (length % 2 === 1) return upper;
  // Selecting has moved all lower numbers before the middle.
  let lower = values[0] as number;
  for (let i = 1; i < half; i++) lower = Math.max(lower, values[i] as number);
  return (lower + upper) / 2;
}

/** The number that would be at `place` if they were sorted (Hoare's quickselect). */
function selected(values: Float64Array, place: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const pivot = values[(from + to) >> 1] as number;
    let [i, k] = [from, to];
    while (i <= k) {
      while ((values[i] as number) < pivot) i += 1;
      while ((values[k] as number) > pivot) k -= 1;
      if (i > k) break;
      const low = values[k] as number;
      values[k] = values[i] as number;
      values[i] = low;
      i += 1;
      k -= 1;
    }
    if (place <= k) to = k;
    else if (place >= i) from = i;
    else break;
  }
  return values[place] as number;
}
