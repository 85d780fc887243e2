/** Says a peak in words. */

import { exponential, fixed, formatNumber, powerOfTen, withUnits } from "../../display/number";
import type { StreamField } from "../view/streamFields";
import type { ClearPeak } from "./clearPeak";
import { isFlat } from "./isFlat";

/** What is said about a peak. */
export interface PeakWords {
  /** The place on the x axis to mark. */
  readonly at: number | undefined;
  /** The width to draw at half height, for a peak or a dip. */
  readonly width?: { readonly from: number; readonly to: number; readonly height: number } | undefined;
  readonly words: string;
}

type Axis = Pick<StreamField, "units" | "precision" | "format">;

/**
 * Describes a peak or a dip by its centre and width, an edge by its place, and anything else by its maximum.
 * @param range the range of x, which determines its number of digits
 * @returns undefined for a line that is flat within the digits that y is shown with
 */
export function peakWords(
  peak: ClearPeak,
  x: Pick<StreamField, "units">,
  y: Axis,
  range: readonly [number, number],
): PeakWords | undefined {
  if (isFlat(peak.min[1], peak.max[1], y.precision)) return undefined;
  const place = (value: number): string => withUnits(placeText(value, range), x.units);
  const height = ([at, value]: readonly [number, number]): string =>
    `${withUnits((y.format ?? formatNumber)(value), y.units)} at ${place(at)}`;
  const { cen, fwhm, feature } = peak;
  if (cen !== undefined && fwhm !== undefined && (feature === "peak" || feature === "dip")) {
    const middle = (peak.max[1] + peak.min[1]) / 2;
    const width = { from: cen - fwhm / 2, to: cen + fwhm / 2, height: middle };
    const shape = `cen ${place(cen)} · fwhm ${place(fwhm)}`;
    const words =
      feature === "peak"
        ? `com ${place(peak.com)} · ${shape} · max ${height(peak.max)}`
        : `dip at ${place(cen)} · fwhm ${place(fwhm)} · min ${height(peak.min)}`;
    return { at: cen, width, words };
  }
  if (feature === "edge" && cen !== undefined) {
    const width = peak.edgeWidth === undefined ? "" : ` · width ${place(peak.edgeWidth)}`;
    return { at: cen, words: `edge at ${place(cen)}${width} · max ${height(peak.max)}` };
  }
  const extremes = `max ${height(peak.max)} · min ${height(peak.min)}`;
  return { at: undefined, words: peak.noise ? `no peak above the noise · ${extremes}` : extremes };
}

/** A place or a distance on an axis, with four digits of its range and no zeros at the end. */
export function placeText(value: number, [low, high]: readonly [number, number]): string {
  const spread = Math.abs(high - low);
  if (!(spread > 0) || !Number.isFinite(spread) || !Number.isFinite(value)) return formatNumber(value);
  const step = 3 - powerOfTen(spread);
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (Math.abs(value) < 0.5 * 10 ** -step) return "0";
  if (step > 9 || (size < 1e-3 && step > 6) || size >= 1e7) {
    const digits = Math.min(12, Math.max(0, powerOfTen(value) + step));
    return exponential(value, digits).replace(/\.?0+e/, "e");
  }
  const text = fixed(value, Math.max(0, step));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
