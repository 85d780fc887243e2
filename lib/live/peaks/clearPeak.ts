/** Finds the peak, dip or edge in noisy data, and decides whether there is one at all. */

import { finitePoints, type Points } from "../view/series";
import { medianOf } from "./median";
import { crossingsOf, derivativeOf, type Peak, peakOf } from "./peakStats";

/** What stands out of a line: nothing if it only has a highest point, as a ramp or noise. */
export type Feature = "peak" | "dip" | "edge" | "nothing";

/** The peak of a line with what it is. */
export interface ClearPeak extends Peak {
  readonly feature: Feature;
  /** Whether the line is long enough to be judged, and nothing in it stands out of its noise. */
  readonly noise: boolean;
  /** The width of an edge: that of the peak of its slope; undefined if the slope is too noisy. */
  readonly edgeWidth?: number | undefined;
}

/** The numbers of neighbours whose means are compared with the noise. */
const WINDOWS = [1, 3, 5, 9] as const;
/** How many times its own noise a mean must lie above the median. */
const SIGNIFICANCE = 5;
/** The smallest number of points from which the noise of a line can be estimated. */
const FEWEST_FOR_NOISE = 12;
/** The smallest number of points that can have a peak, a dip or an edge. */
const FEWEST_FOR_PEAK = 5;
/** Lines with fewer points than this must not go back at all on their way, and end where they began. */
const FEW = 8;
/** The part of the standard deviation of noise that is the median of its absolute second differences. */
const SECOND_DIFFERENCES = 0.6745 * Math.sqrt(6);

/**
 * The peak of a line, as in `peakOf`, but with a centre and a width that noise does not move: if the line
 * crosses half height more than twice, neighbours are averaged before the crossings beside the highest point
 * are taken. A loop has none. Undefined if there are no points.
 */
export function clearPeakOf(points: Points): ClearPeak | undefined {
  const peak = peakOf(points);
  if (!peak) return undefined;
  const line = finitePoints(points);
  if (isLoop(line)) return { ...peak, feature: "nothing", noise: false };
  const smoothest = WINDOWS.filter((window) => window === 1 || window <= line.length / 3);
  for (const window of smoothest) {
    const smooth = smoothed(line, window);
    const [low, high] = [indexOf(smooth, -1), indexOf(smooth, 1)];
    const crossings = crossingsOf(smooth, middleOf(smooth, low, high));
    if (crossings.length > 2 && window !== smoothest.at(-1)) continue;
    const feature = featureOf(smooth, crossings, { low, high, steep: peak.steep });
    if (feature === "nothing" || !standsOut(line, feature)) break;
    const [from, to] = around(crossings, smooth.x[feature === "dip" ? low : high] ?? 0, feature);
    const cen = from !== undefined && to !== undefined ? (from + to) / 2 : peak.cen;
    const fwhm = from === undefined || to === undefined ? peak.fwhm : Math.abs(to - from);
    if (feature === "edge")
      return { ...peak, cen, fwhm: undefined, feature, noise: false, edgeWidth: edgeWidth(smooth) };
    return { ...peak, cen, fwhm, feature, noise: false };
  }
  return { ...peak, feature: "nothing", noise: line.length >= FEWEST_FOR_NOISE && !standsOut(line, "edge") };
}

/**
 * Whether x goes back by half of its range after it went forth, as in a hysteresis loop: no peak has two
 * ways.
 */
function isLoop({ x, length }: Points): boolean {
  let [low, high, rise, fall] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < length; i++) {
    const at = x[i] as number;
    low = Math.min(low, at);
    high = Math.max(high, at);
    rise = Math.max(rise, at - low);
    fall = Math.max(fall, high - at);
  }
  return Math.min(rise, fall) > (high - low) / 2;
}

/** The width of the peak of the slope, if that has one peak only. */
function edgeWidth(line: Points): number | undefined {
  const slope = peakOf(derivativeOf(line));
  return slope?.crossings.length === 2 ? slope.fwhm : undefined;
}

/** What the crossings of half height make of a line. */
function featureOf(
  { x, length }: Points,
  crossings: readonly number[],
  { low, high, steep }: { readonly low: number; readonly high: number; readonly steep: boolean },
): Feature {
  const inside = (index: number): boolean => {
    const at = x[index] as number;
    return crossings.some((c) => c < at) && crossings.some((c) => c > at);
  };
  if (crossings.length >= 2 && inside(high)) return "peak";
  if (crossings.length >= 2 && inside(low)) return "dip";
  return crossings.length === 1 && steep && length > 1 ? "edge" : "nothing";
}

/** The crossings next to a place, one on each side; for an edge its crossing, twice. */
function around(crossings: readonly number[], at: number, feature: Feature): [number | undefined, number | undefined] {
  if (feature === "edge") return [crossings[0], crossings[0]];
  const below = crossings.filter((c) => c < at);
  const above = crossings.filter((c) => c > at);
  return [below.length > 0 ? Math.max(...below) : undefined, above.length > 0 ? Math.min(...above) : undefined];
}

/**
 * Whether the best mean of some neighbours lies far enough from the median, or for an edge from the worst
 * one. The noise of a few points cannot be estimated: they must hardly go back on their way up and down, as
 * noise does.
 */
function standsOut(line: Points, feature: Feature): boolean {
  if (line.length < FEWEST_FOR_NOISE) return line.length >= FEWEST_FOR_PEAK && isCalm(line, feature);
  const noise = lineNoise(line);
  const median = medianOf(line.y.subarray(0, line.length));
  return WINDOWS.some((window) => {
    if (window > line.length / 3) return false;
    const smooth = smoothed(line, window);
    const [low, high] = [smooth.y[indexOf(smooth, -1)] as number, smooth.y[indexOf(smooth, 1)] as number];
    const limit = (SIGNIFICANCE * noise) / Math.sqrt(window);
    if (feature === "edge") return high - low > 1.5 * limit;
    return (feature === "dip" ? median - low : high - median) > limit;
  });
}

/**
 * Whether a short line goes up to its top and down again, or the other way round for a dip, as noise hardly
 * does. The fewer points there are, the calmer they must be.
 */
function isCalm(line: Points, feature: Feature): boolean {
  const { y, length } = line;
  const [low, high] = [indexOf(line, -1), indexOf(line, 1)];
  const height = (y[high] as number) - (y[low] as number);
  const rises = (y[length - 1] as number) > (y[0] as number);
  const turn = feature === "dip" ? low : feature === "peak" ? high : rises ? length - 1 : 0;
  const foot = y[feature === "dip" ? high : low] as number;
  const ends = [y[0] as number, y[length - 1] as number];
  if (length < FEW && feature !== "edge" && ends.some((end) => Math.abs(end - foot) > height / 3)) return false;
  let back = 0;
  for (let i = 1; i < length; i++) {
    const step = (y[i] as number) - (y[i - 1] as number);
    const upwards = i <= turn !== (feature === "dip");
    back += Math.max(0, upwards ? -step : step);
  }
  return back <= (length < FEW ? 0.02 : 0.2) * height;
}

/** The standard deviation of the noise, from second differences, which a smooth line hardly has. */
export function lineNoise({ y, length }: Pick<Points, "y" | "length">): number {
  if (length < 3) return Number.NaN;
  const differences = new Float64Array(length - 2);
  for (let i = 0; i < differences.length; i++) {
    differences[i] = Math.abs((y[i] as number) - 2 * (y[i + 1] as number) + (y[i + 2] as number));
  }
  return medianOf(differences) / SECOND_DIFFERENCES;
}

/** The means of `window` neighbours each; fewer at both ends. */
function smoothed(line: Points, window: number): Points {
  if (window === 1) return line;
  const { x, y, length } = line;
  const reach = (window - 1) / 2;
  const means = Float64Array.from({ length }, (_, i) => {
    const begin = Math.max(0, i - reach);
    const end = Math.min(length, i + reach + 1);
    let sum = 0;
    for (let k = begin; k < end; k++) sum += y[k] as number;
    return sum / (end - begin);
  });
  return { x, y: means, length };
}

/** The index of the highest (1) or lowest (-1) point. */
function indexOf({ y, length }: Points, sign: 1 | -1): number {
  let best = 0;
  for (let i = 1; i < length; i++) if (sign * (y[i] as number) > sign * (y[best] as number)) best = i;
  return best;
}

const middleOf = ({ y }: Points, low: number, high: number): number => ((y[low] as number) + (y[high] as number)) / 2;
