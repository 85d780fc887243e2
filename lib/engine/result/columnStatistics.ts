/** Statistics of a column of numbers, as pandas computes them: NaN counts as missing. */

/** The names of the statistics. */
export type Statistic = "count" | "mean" | "std" | "min" | "median" | "max" | "sum" | "first" | "last";

/** Computes a statistic of numbers. */
export const STATISTICS: Readonly<Record<Statistic, (numbers: ArrayLike<number>) => number>> = {
  count: (numbers) => known(numbers).length,
  mean: (numbers) => mean(known(numbers)),
  std: (numbers) => deviation(known(numbers)),
  min: (numbers) => extreme(known(numbers), (a, b) => a < b),
  median: (numbers) => quantile(numbers, 0.5),
  max: (numbers) => extreme(known(numbers), (a, b) => a > b),
  sum: (numbers) => total(known(numbers)),
  first: (numbers) => known(numbers)[0] ?? Number.NaN,
  last: (numbers) => known(numbers).at(-1) ?? Number.NaN,
};

/** The value below which a part of the numbers is, from 0 to 1; between two numbers it is interpolated. */
export function quantile(numbers: ArrayLike<number>, part: number): number {
  const sorted = Float64Array.from(known(numbers)).sort();
  const at = part * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) return Number.NaN;
  if (low === high) return low;
  return low + (high - low) * (at - Math.floor(at));
}

function known(numbers: ArrayLike<number>): number[] {
  return Array.from(numbers).filter((number) => !Number.isNaN(number));
}

function total(numbers: readonly number[]): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}

/** The mean as a distance from the first number, so that equal numbers have exactly that as their mean. */
function mean(numbers: readonly number[]): number {
  const [first = Number.NaN] = numbers;
  if (!Number.isFinite(first)) return total(numbers) / numbers.length;
  return first + total(numbers.map((number) => number - first)) / numbers.length;
}

/** The standard deviation of a sample: divided by one less than the count. NaN below two numbers. */
function deviation(numbers: readonly number[]): number {
  if (numbers.length < 2) return Number.NaN;
  const middle = mean(numbers);
  return Math.sqrt(total(numbers.map((number) => (number - middle) ** 2)) / (numbers.length - 1));
}

function extreme(numbers: readonly number[], isBetter: (one: number, other: number) => boolean): number {
  let best = numbers[0] ?? Number.NaN;
  for (const number of numbers) if (isBetter(number, best)) best = number;
  return best;
}
