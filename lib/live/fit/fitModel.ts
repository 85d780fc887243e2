/** A shape that can be fitted, and own functions as shapes. */

import { checkOptions } from "../../options";
import type { Peak } from "../peaks/peakStats";

/** What is known about the data before they are fitted. */
export interface FittedLine {
  /** The peak of the line. */
  readonly peak: Peak;
  /** The range of x. */
  readonly range: readonly [low: number, high: number];
  /** The number of points. */
  readonly count: number;
}

/** A fitted parameter. */
export interface FittedParameter {
  /** The value of the parameter. */
  readonly value: number;
  /**
   * One standard deviation, for the noise from point to point: another feature of the data does not enlarge
   * it.
   */
  readonly uncertainty: number;
}

/** A shape with named parameters. */
export interface FitModel<P extends string = string> {
  /** The name of the shape. */
  readonly name: string;
  /** The names of the parameters, in the order in which `shape` takes their values. */
  readonly parameters: readonly P[];
  /** The parameters that are places or distances on the x axis, and so have its unit. */
  readonly xParameters: readonly P[];
  /** The parameters that are heights, and so have the unit of y. Default: none. */
  readonly yParameters?: readonly P[];
  /**
   * The parameters that are widths: a fit that ends at a negative one means the positive one. Default: none.
   */
  readonly widths?: readonly P[];
  /** The lowest and highest value of parameters. Default: none. */
  readonly bounds?: Readonly<Partial<Record<P, readonly [low: number, high: number]>>>;
  /** The shape for these values of the parameters, of one or several independent variables. */
  shape(values: readonly number[]): (x: number, ...others: number[]) => number;
  /** Guesses the values from the data. */
  guess(peak: Peak, range: readonly [number, number]): number[];
  /** Values that follow from the fitted ones, such as the full width at half maximum. Default: none. */
  derived?(values: readonly number[]): Readonly<Record<string, number>>;
  /** Why the data do not have this shape, in words; undefined if they have it. Default: always undefined. */
  refuse?(found: (name: P) => FittedParameter, data: FittedLine): string | undefined;
}

/** Options of `fitFunction`. */
export interface FitFunctionOptions<P extends string> {
  /** Default: "function". */
  readonly name?: string;
  readonly bounds?: FitModel<P>["bounds"];
}

/**
 * An own function as a shape, with the values to start from:
 * `fitFunction((p, x) => p.a * Math.exp(-x / p.tau), { a: 1, tau: 10 })`. With several independent variables
 * it gets them one after the other: `(p, x, y) => ...`.
 */
export function fitFunction<P extends string>(
  f: (parameters: Readonly<Record<P, number>>, x: number, ...others: number[]) => number,
  initial: Readonly<Record<P, number>>,
  options: FitFunctionOptions<P> = {},
): FitModel<P> {
  checkOptions("fitFunction", options, { name: true, bounds: true });
  const parameters = Object.keys(initial) as P[];
  return {
    name: options.name ?? "function",
    parameters,
    xParameters: [],
    ...(options.bounds ? { bounds: options.bounds } : {}),
    shape: (values) => {
      const named = Object.fromEntries(parameters.map((name, i) => [name, values[i]])) as Record<P, number>;
      return (x, ...others) => f(named, x, ...others);
    },
    guess: () => parameters.map((name) => initial[name]),
  };
}
