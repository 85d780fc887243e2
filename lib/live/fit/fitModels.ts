/** The shapes that can be fitted to a line, with first guesses from its peak. */

import { formatUncertain } from "../../display/number";
import { UsageError } from "../../errors";
import type { Peak } from "../peaks/peakStats";
import type { FitModel, FittedLine, FittedParameter } from "./fitModel";
import { errorFunction, voigtProfile } from "./profiles";

/** How many times its own uncertainty the height of a peak or a step must be. */
const SIGNIFICANCE = 5;
const FWHM_OF_SIGMA = 2 * Math.sqrt(2 * Math.log(2));

type PeakParameter = "amplitude" | "center" | "background";
const HEIGHTS = ["amplitude", "background"] as const;

/** `background + amplitude * exp(-(x - center)² / (2 sigma²))`; a dip has a negative amplitude. */
const gaussian: FitModel<PeakParameter | "sigma"> = {
  name: "gaussian",
  parameters: ["amplitude", "center", "sigma", "background"],
  xParameters: ["center", "sigma"],
  yParameters: HEIGHTS,
  widths: ["sigma"],
  shape:
    ([amplitude = 0, center = 0, sigma = 1, background = 0]) =>
    (x) =>
      background + amplitude * Math.exp(-(((x - center) / sigma) ** 2) / 2),
  guess: (peak, range) => peakGuess(peak, range, FWHM_OF_SIGMA),
  derived: ([, , sigma = 0]) => ({ fwhm: FWHM_OF_SIGMA * Math.abs(sigma) }),
  refuse: (found, data) => noPeak(found, FWHM_OF_SIGMA * found("sigma").value, data),
};

/** `background + amplitude / (1 + ((x - center) / gamma)²)`; gamma is half the width at half height. */
const lorentzian: FitModel<PeakParameter | "gamma"> = {
  name: "lorentzian",
  parameters: ["amplitude", "center", "gamma", "background"],
  xParameters: ["center", "gamma"],
  yParameters: HEIGHTS,
  widths: ["gamma"],
  shape:
    ([amplitude = 0, center = 0, gamma = 1, background = 0]) =>
    (x) =>
      background + amplitude / (1 + ((x - center) / gamma) ** 2),
  guess: (peak, range) => peakGuess(peak, range, 2),
  derived: ([, , gamma = 0]) => ({ fwhm: 2 * Math.abs(gamma) }),
  refuse: (found, data) => noPeak(found, 2 * found("gamma").value, data),
};

/** A gaussian of width sigma broadened by a lorentzian of half width gamma; amplitude is its height. */
const voigt: FitModel<PeakParameter | "sigma" | "gamma"> = {
  name: "voigt",
  parameters: ["amplitude", "center", "sigma", "gamma", "background"],
  xParameters: ["center", "sigma", "gamma"],
  yParameters: HEIGHTS,
  widths: ["sigma", "gamma"],
  shape: ([amplitude = 0, center = 0, sigma = 1, gamma = 1, background = 0]) => {
    const profile = voigtProfile(Math.abs(sigma), Math.abs(gamma));
    const height = profile(0);
    return (x) => background + (amplitude * profile(x - center)) / height;
  },
  guess: (peak, range) => {
    const [amplitude = 0, center = 0, sigma = 1, background = 0] = peakGuess(peak, range, 1.6 * FWHM_OF_SIGMA);
    return [amplitude, center, sigma, sigma, background];
  },
  derived: ([, , sigma = 0, gamma = 0]) => ({ fwhm: voigtFwhm(sigma, gamma) }),
  refuse: (found, data) => noPeak(found, voigtFwhm(found("sigma").value, found("gamma").value), data),
};

type StepParameter = "height" | "center" | "width" | "background";
const stepParts = {
  parameters: ["height", "center", "width", "background"],
  xParameters: ["center", "width"],
  yParameters: ["height", "background"],
  widths: [],
  guess: stepGuess,
  refuse: noStep,
} satisfies Partial<FitModel<StepParameter>>;

/**
 * `background + height / (1 + exp(-(x - center) / width))`, which goes
 * from `background` to `background + height`.
 */
const edge: FitModel<StepParameter> = {
  ...stepParts,
  name: "edge",
  shape:
    ([height = 0, center = 0, width = 1, background = 0]) =>
    (x) =>
      background + height / (1 + Math.exp(-(x - center) / width)),
};

/**
 * The same step as an error function, as a knife edge in a gaussian beam gives; width is the beam's sigma.
 */
const erfStep: FitModel<StepParameter> = {
  ...stepParts,
  name: "erf step",
  shape:
    ([height = 0, center = 0, width = 1, background = 0]) =>
    (x) =>
      background + (height / 2) * (1 + errorFunction((x - center) / width / Math.SQRT2)),
};

/** `intercept + slope * x`. */
const straightLine: FitModel<"slope" | "intercept"> = {
  name: "straight line",
  parameters: ["slope", "intercept"],
  xParameters: [],
  yParameters: ["intercept"],
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

/** `c0 + c1 x + c2 x² + ...` up to x to the power of `degree`. */
function polynomial(degree: number): FitModel {
  const parameters = Array.from({ length: degree + 1 }, (_, i) => `c${i}`);
  return {
    name: `polynomial of degree ${degree}`,
    parameters,
    xParameters: [],
    yParameters: ["c0"],
    shape: (values) => (x) => values.reduceRight((sum, value) => sum * x + value, 0),
    guess: (peak) => parameters.map((_, i) => (i === 0 ? (peak.max[1] + peak.min[1]) / 2 : 0)),
  };
}

/** The shapes for `LiveFit` and `fit`. */
export const fitModels = { gaussian, lorentzian, voigt, edge, erfStep, straightLine, polynomial };

/** The shapes that are chosen by name alone. */
export type FitShapeName = Exclude<keyof typeof fitModels, "polynomial">;

/** The shape of this name. @throws UsageError if there is none */
export function fitModelOf(shape: FitShapeName | FitModel): FitModel {
  if (typeof shape !== "string") return shape;
  const known = Object.hasOwn(fitModels, shape) && (shape as string) !== "polynomial";
  // A model of certain parameters is used here by the names in its own list only.
  if (known) return fitModels[shape] as FitModel;
  const names = Object.keys(fitModels).map((name) => (name === "polynomial" ? "fitModels.polynomial(degree)" : name));
  throw new UsageError(`fit: there is no shape "${shape}", only ${names.join(", ")}`);
}

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
  const width = right - left > 0 ? right - left : (high - low) / 10;
  return [at[1] - from[1], crossings.length === 2 ? (peak.cen ?? at[0]) : at[0], width / widths, from[1]];
}

function stepGuess(peak: Peak, [low, high]: readonly [number, number]): number[] {
  const rise = peak.max[1] - peak.min[1];
  const rises = peak.max[0] >= peak.min[0];
  return [rises ? rise : -rise, peak.cen ?? (low + high) / 2, (high - low) / 20, rises ? peak.min[1] : peak.max[1]];
}

function noPeak(
  found: (name: PeakParameter) => FittedParameter,
  fwhm: number,
  { range: [low, high] }: FittedLine,
): string | undefined {
  const amplitude = found("amplitude");
  const center = found("center").value;
  if (!(Math.abs(amplitude.value) > SIGNIFICANCE * amplitude.uncertainty)) {
    return `no peak found: its amplitude ${formatUncertain(amplitude.value, amplitude.uncertainty)} is not above the noise`;
  }
  const [width, reach] = [Math.abs(fwhm), high - low];
  if (width > 2 * reach) return "no peak found: it would be wider than the data";
  if (center < low - width / 2 || center > high + width / 2) return "no peak found: it would lie outside of the data";
  return undefined;
}

function noStep(
  found: (name: StepParameter) => FittedParameter,
  { range: [low, high] }: FittedLine,
): string | undefined {
  const [height, center] = [found("height"), found("center").value];
  if (!(Math.abs(height.value) > SIGNIFICANCE * height.uncertainty)) {
    return `no step found: its height ${formatUncertain(height.value, height.uncertainty)} is not above the noise`;
  }
  return center < low || center > high ? "no step found: it would lie outside of the data" : undefined;
}

/** The full width at half maximum, to 0.02 %: Olivero and Longbothum, J. Quant. Spectrosc. 17 (1977) 233. */
function voigtFwhm(sigma: number, gamma: number): number {
  const [gauss, lorentz] = [FWHM_OF_SIGMA * Math.abs(sigma), 2 * Math.abs(gamma)];
  return 0.5346 * lorentz + Math.sqrt(0.2166 * lorentz ** 2 + gauss ** 2);
}

const isInside = (x: number, crossings: readonly number[]): boolean =>
  x > Math.min(...crossings) && x < Math.max(...crossings);
