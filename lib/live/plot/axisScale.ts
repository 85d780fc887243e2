/** The scales of axes: which are logarithmic, how far they reach, and where their ticks are. */

/** The smallest number of points and of decades for a logarithmic axis. */
const FEWEST_POINTS = 8;
const DECADES = 1e3;

/** Pixels that are free at both ends of an axis, so that the marks of the outermost points are seen whole. */
export const FREE = { x: 9, y: 5 } as const;

/** The range of an axis, with a margin on both sides. */
export function domainOf(low: number, high: number): readonly [number, number] {
  const margin = 0.05 * (high - low);
  return Number.isFinite(margin) ? [low - margin, high + margin] : [low, high];
}

/**
 * Whether a linear axis would hide what values say: all are positive, they span three decades, and half of
 * them would lie in its lowest hundredth.
 */
export function wantsLog(columns: readonly Float64Array[]): boolean {
  let [low, high, count] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (value <= 0) return false;
      low = Math.min(low, value);
      high = Math.max(high, value);
      count += 1;
    }
  }
  if (count < FEWEST_POINTS || high < DECADES * low) return false;
  const limit = low + (high - low) / 100;
  let below = 0;
  for (const column of columns) for (const value of column) if (value < limit) below += 1;
  return below >= count / 2;
}

/** Whether positions grow by the same factor from point to point, over two decades at least. */
export function isGeometric(positions: Float64Array): boolean {
  if (positions.length < 4) return false;
  const [first, second, last] = [positions[0] as number, positions[1] as number, positions.at(-1) as number];
  if (!(first > 0 && last > 0) || Math.abs(Math.log10(last / first)) < 2) return false;
  const step = Math.log(second / first);
  return positions.every((value, i) => {
    const before = positions[i - 1];
    return before === undefined || Math.abs(Math.log(value / before) - step) < 0.05 * Math.abs(step);
  });
}

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * The ticks of a logarithmic axis: whole decades, written 10⁻⁵; every second or third where there are many.
 */
export function logAxis([low, high]: readonly [number, number]): object {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  if (to - from < 1) return { format: ".3~g" };
  const step = Math.max(1, Math.ceil((to - from + 1) / 9));
  const powers = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
  const text = (power: number): string =>
    `10${String(power).replace(/[-0-9]/g, (c) => (c === "-" ? "⁻" : (SUPERSCRIPT[Number(c)] as string)))}`;
  const labels = powers.map((power) => `datum.value < ${3 * 10 ** power} ? '${text(power)}'`);
  return { values: powers.map((power) => 10 ** power), labelExpr: `${labels.join(" : ")} : ''` };
}
