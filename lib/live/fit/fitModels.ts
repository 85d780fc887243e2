/** The shapes that can be fitted to a line, with first guesses from its peak. */

import type { Peak } from "../peaks/peakStats";

/** A shape with named parameters. */
export interface FitModel<P extends string = string> {
  /** The name of the shape. */
  readonly name: string;
  /** The names of the parameters, in the order in which `shape` takes their values. */
  readonly parameters: readonly P[];
  /** The parameters that are places or distances on the x axis, and so have its unit. */
  readonly along: readonly P[];
  /** The shape for these values of the parameters. */
  shape(values: readonly number[]): (x: number) => number;
  /** Guesses the values from the peak of a line that covers `range` of x. */
  guess(peak: Peak, range: readonly [number, number]): number[];
}

type PeakParameter = "amplitude" | "center" | "background";

/** `background + amplitude * exp(-(x - center)² / (2 sigma²))`; a dip has a negative amplitude. */
const gaussian: FitModel<PeakParameter | "sigma"> = {
  name: "gaussian",
  parameters: ["amplitude", "center", "sigma", "background"],
  along: ["center", "sigma"],
  shape:
    ([amplitude = 0, center = 0, sigma = 1, background = 0]) =>
    (x) =>
      background + amplitude * Math.exp(-(((x - center) / sigma) ** 2) / 2),
  guess: (peak, range) => peakGuess(peak, range, 2.3548),
};

/** `background + amplitude / (1 + ((x - center) / gamma)²)`; gamma is half the width at half height. */
const lorentzian: FitModel<PeakParameter | "gamma"> = {
  name: "lorentzian",
  parameters: ["amplitude", "center", "gamma", "background"],
  along: ["center", "gamma"],
  shape:
    ([amplitude = 0, center = 0, gamma = 1, background = 0]) =>
    (x) =>
      background + amplitude / (1 + ((x - center) / gamma) ** 2),
  guess: (peak, range) => peakGuess(peak, range, 2),
};

/**
 * `background + height / (1 + exp(-(x - center) / width))`, which goes
 * from `background` to `background + height`.
 */
const edge: FitModel<"height" | "center" | "width" | "background"> = {
  name: "edge",
  parameters: ["height", "center", "width", "background"],
  along: ["center", "width"],
  shape:
    ([height = 0, center = 0, width = 1, background = 0]) =>
    (x) =>
      background + height / (1 + Math.exp(-(x - center) / width)),
  guess: (peak, [low, high]) => {
    const rise = peak.max[1] - peak.min[1];
    const up = peak.max[0] >= peak.min[0];
    return [up ? rise : -rise, peak.cen ?? (low + high) / 2, (high - low) / 20, up ? peak.min[1] : peak.max[1]];
  },
};

/** `intercept + slope * x`. */
const straightLine: FitModel<"slope" | "intercept"> = {
  name: "straight line",
  parameters: ["slope", "intercept"],
  along: [],
  shape:
    ([slope = 0, intercept = 0]) =>
    (x) =>
      intercept + slope * x,
  guess: (peak) => {
    const run = peak.max[0] - peak.min[0];
    const slope = run === 0 ? 0 : (peak.max[1] - peak.min[1]) / run;
    return [slope, peak.min[1] - slope * peak.min[0]];
  },
};

/** The shapes for `LiveFit`. */
export const fitModels = { gaussian, lorentzian, edge, straightLine };

/**
 * Guesses from the highest point, or the lowest one of a dip, and the crossings next to it.
 * @param widths how many times the width parameter fits into the full width at half height
 */
function peakGuess(peak: Peak, [low, high]: readonly [number, number], widths: number): number[] {
  const { crossings, max, min } = peak;
  const dip = crossings.length > 1 && !isInside(max[0], crossings) && isInside(min[0], crossings);
  const [at, from] = dip ? [min, max] : [max, min];
  const left = Math.max(low, ...crossings.filter((x) => x < at[0]));
  const right = Math.min(high, ...crossings.filter((x) => x > at[0]));
  return [at[1] - from[1], crossings.length === 2 ? (peak.cen ?? at[0]) : at[0], (right - left) / widths, from[1]];
}

const isInside = (x: number, crossings: readonly number[]): boolean =>
  x > Math.min(...crossings) && x < Math.max(...crossings);
