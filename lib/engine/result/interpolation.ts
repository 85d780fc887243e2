/** Linear interpolation of missing values. */

/**
 * Fills missing values (NaN) linearly between their neighbours, as pandas does: those after the last known
 * value get that one, and those before the first stay missing.
 *
 * @param x where the values are; default: at equal distances
 */
export function filled(values: ArrayLike<number>, x?: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(values);
  const place = (row: number) => x?.[row] ?? row;
  let known = -1;
  for (let row = 0; row < result.length; row += 1) {
    if (Number.isNaN(result[row])) continue;
    if (known >= 0) {
      const [from, to] = [result[known] as number, result[row] as number];
      const distance = place(row) - place(known);
      for (let gap = known + 1; gap < row; gap += 1) {
        result[gap] = distance === 0 ? from : from + ((to - from) * (place(gap) - place(known))) / distance;
      }
    }
    known = row;
  }
  if (known >= 0) result.fill(result[known] as number, known + 1);
  return result;
}

/**
 * The values at other places, linearly between their neighbours; NaN outside of the known places. Places and
 * values that are missing are left out, and the places need no order.
 */
export function valuesAt(at: readonly number[], x: ArrayLike<number>, y: ArrayLike<number>): Float64Array {
  const points = Array.from(x, (place, i): [number, number] => [place, y[i] ?? Number.NaN])
    .filter(([place, value]) => !Number.isNaN(place) && !Number.isNaN(value))
    .sort(([a], [b]) => a - b);
  return Float64Array.from(at, (place) => {
    const after = firstFrom(points, place);
    const right = points[after];
    if (!right) return Number.NaN;
    if (right[0] === place) return right[1];
    const left = points[after - 1];
    return left ? left[1] + ((right[1] - left[1]) * (place - left[0])) / (right[0] - left[0]) : Number.NaN;
  });
}

/** The index of the first point that is not before a place; found by halving. */
function firstFrom(points: readonly (readonly [number, number])[], place: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.[0] ?? Number.NaN) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}
