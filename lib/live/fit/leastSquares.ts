/**
 * Minimizes a sum of squares by the method of Levenberg and Marquardt, with bounds and the covariance of the
 * parameters.
 */

// This is our own code and not a library, so that it stops at the minimum and knows the uncertainties.

/** A sum of squares to minimize. */
export interface LeastSquaresProblem {
  /** The differences between data and model, in units of their uncertainty, for values of the parameters. */
  readonly residuals: (parameters: readonly number[]) => Float64Array;
  readonly initial: readonly number[];
  /** How large a noticeable change of each parameter is; derivatives are taken over a millionth of it. */
  readonly scales: readonly number[];
  /** The lowest and highest value allowed for each parameter. */
  readonly bounds?: readonly (readonly [low: number, high: number])[];
}

/** The minimum. */
export interface Minimum {
  readonly parameters: readonly number[];
  readonly squares: number;
  /** The inverse of the matrix of second derivatives; undefined if the data do not determine a parameter. */
  readonly covariance: readonly (readonly number[])[] | undefined;
}

const MOST_ITERATIONS = 200;
const LARGEST_DAMPING = 1e12;
/** The smallest part by which a sum of squares must shrink for another iteration. */
const IMPROVEMENT = 1e-11;
/** A pivot of the scaled matrix below this one means that a parameter is not determined. */
const SINGULAR = 1e-13;

/** Finds the nearest minimum. */
export function leastSquares(problem: LeastSquaresProblem): Minimum {
  const bounded = (values: readonly number[]): number[] =>
    values.map((value, i) => {
      const [low, high] = problem.bounds?.[i] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      return Math.min(high, Math.max(low, value));
    });
  let parameters = bounded(problem.initial);
  let residuals = problem.residuals(parameters);
  let squares = sumOfSquares(residuals);
  let damping = 1e-3;
  for (let iteration = 0; iteration < MOST_ITERATIONS && squares > 0 && damping < LARGEST_DAMPING; iteration++) {
    const jacobian = jacobianOf(problem, parameters);
    const matrix = productsOf(jacobian);
    const gradient = jacobian.map((column) => dot(column, residuals));
    let improved = false;
    while (!improved && damping < LARGEST_DAMPING) {
      const damped = matrix.map((row, i) => row.map((value, k) => (i === k ? value * (1 + damping) : value)));
      const step = invert(damped)?.map((row) => -dot(Float64Array.from(row), Float64Array.from(gradient)));
      const next = step && bounded(parameters.map((value, i) => value + (step[i] as number)));
      const nextResiduals = next && problem.residuals(next);
      const nextSquares = nextResiduals ? sumOfSquares(nextResiduals) : Number.NaN;
      if (next && nextResiduals && nextSquares < squares) {
        const gain = (squares - nextSquares) / squares;
        [parameters, residuals, squares] = [next, nextResiduals, nextSquares];
        damping = gain < IMPROVEMENT ? LARGEST_DAMPING : Math.max(damping / 10, 1e-12);
        improved = true;
      } else damping *= 10;
    }
  }
  return { parameters, squares, covariance: invert(productsOf(jacobianOf(problem, parameters))) };
}

/** The derivatives of the residuals, one column for each parameter. */
function jacobianOf({ residuals, scales }: LeastSquaresProblem, parameters: readonly number[]): Float64Array[] {
  return parameters.map((value, i) => {
    const step = 1e-6 * Math.max(Math.abs(scales[i] ?? 0), 1e-3 * Math.abs(value), Number.MIN_VALUE * 1e20);
    const moved = (by: number): Float64Array => residuals(parameters.map((other, k) => (k === i ? other + by : other)));
    const [above, below] = [moved(step), moved(-step)];
    return above.map((high, k) => (high - (below[k] as number)) / (2 * step));
  });
}

function productsOf(columns: readonly Float64Array[]): number[][] {
  return columns.map((a) => columns.map((b) => dot(a, b)));
}

/**
 * The inverse of a symmetric positive matrix; undefined if it is singular. It is scaled to a diagonal of ones
 * first, since parameters may differ by many powers of ten.
 */
function invert(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const scale = matrix.map((row, i) => Math.sqrt(row[i] as number));
  if (!scale.every((value) => value > 0 && Number.isFinite(value))) return undefined;
  const rows = matrix.map((row, i) => [
    ...row.map((value, k) => value / ((scale[i] as number) * (scale[k] as number))),
    ...row.map((_, k) => (i === k ? 1 : 0)),
  ]);
  for (let i = 0; i < size; i++) {
    const row = rows[i] as number[];
    const pivot = row[i] as number;
    if (!(pivot > SINGULAR)) return undefined;
    for (let k = 0; k < 2 * size; k++) row[k] = (row[k] as number) / pivot;
    for (const other of rows) {
      if (other === row) continue;
      const factor = other[i] as number;
      for (let k = 0; k < 2 * size; k++) other[k] = (other[k] as number) - factor * (row[k] as number);
    }
  }
  return rows.map((row, i) => row.slice(size).map((value, k) => value / ((scale[i] as number) * (scale[k] as number))));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

const sumOfSquares = (values: Float64Array): number => dot(values, values);
