/** Fits a shape to points by least squares, with uncertainties. */

import { lineNoise } from "../peaks/clearPeak";
import { peakOf } from "../peaks/peakStats";
import type { FitModel, FittedParameter } from "./fitModel";
import { leastSquares } from "./leastSquares";

/** A fit to all points so far. */
export interface FitResult<P extends string = string> {
  /** The values of the parameters by name, in the units of the data. */
  readonly values: Readonly<Record<P, number>>;
  /**
   * One standard deviation of each parameter: from the errors of the points if they are known, else from
   * their scatter around the shape. NaN if there are no more points than parameters.
   */
  readonly uncertainties: Readonly<Record<P, number>>;
  /** Values that follow from the parameters, such as `fwhm`. */
  readonly derived: Readonly<Record<string, number>>;
  /**
   * The sum of squares divided by the number of points less that of parameters; about 1 for a good fit if the
   * errors of the points are known, else in the unit of y squared.
   */
  readonly reducedChiSquare: number;
  /** The root mean square of the differences between the data and the shape, in the unit of y. */
  readonly rms: number;
  /** The number of points that were fitted. */
  readonly count: number;
}

/** Points with finite numbers only. */
export interface FitPoints {
  /** The independent variables, a column each. */
  readonly x: readonly Float64Array[];
  readonly y: Float64Array;
  /** The standard deviations of y, all above 0; undefined if they are not known. */
  readonly sigma: Float64Array | undefined;
}

/** What a fit may start from and must not leave. */
export interface FitLimits<P extends string> {
  /** Values to start from; default: a guess from the data. */
  readonly initial?: Readonly<Partial<Record<P, number>>> | undefined;
  /** The lowest and highest value of parameters. */
  readonly bounds?: Readonly<Partial<Record<P, readonly [low: number, high: number]>>> | undefined;
}

/** A fit, or why there is none. */
export type FitOutcome<P extends string> =
  | { readonly result: FitResult<P>; readonly problem?: undefined }
  | { readonly result?: undefined; readonly problem: string };

/** Fits a shape to points. */
export function fitShape<P extends string>(
  model: FitModel<P>,
  points: FitPoints,
  limits: FitLimits<P> = {},
): FitOutcome<P> {
  const { y, sigma } = points;
  const names = model.parameters;
  const first = points.x[0] ?? new Float64Array(0);
  const peak = peakOf({ x: first, y, length: y.length });
  if (!peak || y.length < names.length) {
    return { problem: `too few points: ${y.length} for the ${names.length} parameters of a ${model.name}` };
  }
  const range = [first.reduce((a, b) => Math.min(a, b)), first.reduce((a, b) => Math.max(a, b))] as const;
  const guess = model.guess(peak, range);
  const initial = names.map((name, i) => limits.initial?.[name] ?? guess[i] ?? 0);
  const unit = Math.abs(peak.max[1] - peak.min[1]) || Math.abs(peak.max[1]) || 1;
  const minimum = leastSquares({
    initial,
    residuals: residualsOf(model, points, unit),
    scales: names.map((name, i) => scaleOf(model, name, range, unit) ?? (Math.abs(initial[i] as number) || 1)),
    bounds: names.map(
      (name) =>
        limits.bounds?.[name] ??
        model.bounds?.[name] ??
        ([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
    ),
  });
  const { covariance, squares } = minimum;
  if (!covariance || !Number.isFinite(squares)) return { problem: `the data do not determine a ${model.name}` };
  const values = minimum.parameters.map((value, i) =>
    model.widths?.includes(names[i] as P) ? Math.abs(value) : value,
  );
  const freedom = y.length - names.length;
  const variance = freedom === 0 ? Number.NaN : sigma ? 1 : squares / freedom;
  const uncertainties = covariance.map((row, i) => Math.sqrt((row[i] as number) * variance));
  const noise = lineNoise({ y, length: y.length }) / (unit * Math.sqrt(squares / freedom));
  const found = (name: P): FittedParameter => {
    const i = names.indexOf(name);
    return {
      value: values[i] as number,
      uncertainty: (uncertainties[i] as number) * (noise < 1 && !sigma ? noise : 1),
    };
  };
  const refused = model.refuse?.(found, { peak, range, count: y.length });
  if (refused !== undefined) return { problem: refused };
  const named = (all: readonly number[]) => Object.fromEntries(names.map((name, i) => [name, all[i]]));
  const shape = model.shape(values);
  const differences = y.map((value, i) => value - shape(...variablesAt(points, i)));
  return {
    result: {
      values: named(values) as Record<P, number>,
      uncertainties: named(uncertainties) as Record<P, number>,
      derived: model.derived?.(values) ?? {},
      reducedChiSquare: (squares * (sigma ? 1 : unit ** 2)) / freedom,
      rms: Math.sqrt(differences.reduce((sum, value) => sum + value ** 2, 0) / y.length),
      count: y.length,
    },
  };
}

/** The independent variables of a point. */
export function variablesAt({ x }: FitPoints, i: number): [number, ...number[]] {
  return x.map((column) => column[i] as number) as [number, ...number[]];
}

/** The differences in units of their errors; without errors in `unit`, so that their size does not matter. */
function residualsOf(
  model: FitModel,
  points: FitPoints,
  unit: number,
): (parameters: readonly number[]) => Float64Array {
  const { y, sigma } = points;
  const variables = Array.from({ length: y.length }, (_, i) => variablesAt(points, i));
  return (parameters) => {
    const shape = model.shape(parameters);
    return y.map((value, i) => (value - shape(...(variables[i] as [number]))) / (sigma?.[i] ?? unit));
  };
}

/** How large a noticeable change of a parameter is, if that follows from the data. */
function scaleOf<P extends string>(
  model: FitModel<P>,
  name: P,
  [low, high]: readonly [number, number],
  unit: number,
): number | undefined {
  if (model.xParameters.includes(name)) return (high - low) / 10 || undefined;
  return model.yParameters?.includes(name) ? unit : undefined;
}
