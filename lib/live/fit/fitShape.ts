/** Fits a shape to points by least squares, by the method of Levenberg and Marquardt. */

import type { levenbergMarquardt } from "ml-levenberg-marquardt";
import { peakOf } from "../peaks/peakStats";
import { finitePoints, type Points } from "../view/series";
import type { FitModel } from "./fitModels";

/** A fit to all points so far. */
export interface FitResult<P extends string = string> {
  /** The values of the parameters by name, in the units of the data. */
  readonly values: Readonly<Record<P, number>>;
  /** The root mean square of the differences between the data and the shape, in the unit of y. */
  readonly rms: number;
  /** The number of points that were fitted. */
  readonly count: number;
}

type Fitter = typeof levenbergMarquardt;
let loading: Promise<Fitter> | undefined;
let fitter: Fitter | undefined;

/**
 * Loads the package that fits; it is an ES module, and few users need it. Until then there are no results. The
 * declaration does not name the package, since stock tslab cannot find its types.
 */
export function loadFitter(): Promise<unknown> {
  loading ??= import("ml-levenberg-marquardt").then((module) => {
    fitter = module.levenbergMarquardt;
    return fitter;
  });
  return loading;
}

/**
 * Fits a shape to a line.
 * @param domain the range of x, for the first guess
 * @param initial values to start from instead of the guess
 * @returns undefined if there are too few points, or if they do not determine the parameters
 */
export function fitShape<P extends string>(
  model: FitModel<P>,
  line: Points,
  domain: readonly [number, number],
  initial: Readonly<Partial<Record<P, number>>> | undefined,
): FitResult<P> | undefined {
  const points = finitePoints(line);
  const data = {
    x: Array.from(points.x.subarray(0, points.length)),
    y: Array.from(points.y.subarray(0, points.length)),
  };
  const peak = peakOf(line);
  if (!fitter || !peak || data.x.length < model.parameters.length) return undefined;
  const guess = model.guess(peak, domain);
  const initialValues = model.parameters.map((name, i) => initial?.[name] ?? guess[i] ?? 0);
  const scale = Math.max(Math.abs(peak.max[1] - peak.min[1]), Number.MIN_VALUE);
  const steps = initialValues.map((value) => Math.abs(value) * 1e-6 || scale * 1e-6);
  try {
    const { parameterValues } = fitter(data, (values) => model.shape(values), {
      initialValues,
      gradientDifference: steps,
      centralDifference: true,
      maxIterations: 200,
      errorTolerance: 0,
      improvementThreshold: 1e-9,
    });
    return parameterValues.every(Number.isFinite) ? resultOf(model, parameterValues, data) : undefined;
  } catch {
    // The data do not determine a parameter, as at the start of a run.
    return undefined;
  }
}

function resultOf<P extends string>(
  model: FitModel<P>,
  values: readonly number[],
  data: { readonly x: readonly number[]; readonly y: readonly number[] },
): FitResult<P> {
  const shape = model.shape(values);
  const squares = data.x.reduce((sum, x, i) => sum + ((data.y[i] as number) - shape(x)) ** 2, 0);
  const entries = model.parameters.map((name, i) => [name, positiveWidth(name, values[i] as number)] as const);
  return {
    values: Object.fromEntries(entries) as Record<P, number>,
    rms: Math.sqrt(squares / data.x.length),
    count: data.x.length,
  };
}

/** The shapes contain the squares of these widths, so a fit may end at a negative one that means the same. */
const positiveWidth = (name: string, value: number): number =>
  name === "sigma" || name === "gamma" ? Math.abs(value) : value;
