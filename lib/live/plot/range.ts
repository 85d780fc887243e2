/** Ranges of values for axes. */

/** The lowest and highest of all finite values; `[0, 0]` if there are none. */
export function rangeOf(columns: readonly Float64Array[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    // This looks at all points of a line several times a second, so it compares no more than it must.
    for (let i = 0; i < column.length; i++) {
      const value = column[i] as number;
      if (value < low && value > Number.NEGATIVE_INFINITY) low = value;
      if (value > high && value < Number.POSITIVE_INFINITY) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Marks infinite values as missing, in place: no colour and no place on an axis stands for them. */
export function withoutInfinities(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = Number.NaN;
  return values;
}

/** A range around a single value, so that an axis can show the value. */
export function rangeAround(value: number): [number, number] {
  const margin = Math.abs(value) * 0.1 || 1;
  return [value - margin, value + margin];
}
