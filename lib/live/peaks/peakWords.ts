/** Says a peak in words. */

import { formatNumber, withUnits } from "../../display/number";
import { placeText } from "../../display/placeText";
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
  /** The same for a line of a plot with several fields. */
  readonly short: string;
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
    const short = feature === "peak" ? `${shape} · max ${height(peak.max)}` : words;
    return { at: cen, width, words, short };
  }
  if (feature === "edge" && cen !== undefined) {
    const width = peak.edgeWidth === undefined ? "" : ` · width ${place(peak.edgeWidth)}`;
    const words = `edge at ${place(cen)}${width} · max ${height(peak.max)}`;
    return { at: cen, words, short: words };
  }
  const extremes = `max ${height(peak.max)} · min ${height(peak.min)}`;
  const words = peak.noise ? `no peak above the noise · ${extremes}` : extremes;
  return { at: undefined, words, short: extremes };
}
