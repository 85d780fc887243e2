/** Says a peak in words. */

import { type NumberFormat, numberFormat, siQuantity, withUnits } from "../../display/number";
import type { StreamField } from "../view/streamFields";
import { isFlat } from "./isFlat";
import type { Peak } from "./peakStats";

/** What is said about a peak. */
export interface PeakWords {
  /** The place on the x axis to mark. */
  readonly at: number | undefined;
  readonly words: string;
}

/**
 * Describes a peak or a dip by its centre and width, an edge by its place, and anything else by its maximum.
 * @param range the range of x, which determines its number of digits
 * @returns undefined for a line that is flat within the digits that y is shown with
 */
export function peakWords(
  peak: Peak,
  x: Pick<StreamField, "units" | "precision">,
  y: Pick<StreamField, "units" | "precision">,
  range: readonly [number, number],
): PeakWords | undefined {
  if (isFlat(peak.min[1], peak.max[1], y.precision)) return undefined;
  const digits = numberFormat({ low: range[0], high: range[1] });
  const place = (value: number): string => withUnits(trimmed(digits, value), x.units);
  const height = ([at, value]: readonly [number, number]): string => `${siQuantity(value, y.units, 4)} at ${place(at)}`;
  const [low, high] = [Math.min(...peak.crossings), Math.max(...peak.crossings)];
  const inside = (at: number): boolean => at > low && at < high;
  if (peak.fwhm !== undefined && peak.cen !== undefined && peak.crossings.length === 2) {
    const width = `fwhm ${place(peak.fwhm)}`;
    if (inside(peak.max[0])) {
      const words = `com ${place(peak.com)} · cen ${place(peak.cen)} · ${width} · max ${height(peak.max)}`;
      return { at: peak.com, words };
    }
    if (inside(peak.min[0])) {
      return { at: peak.cen, words: `dip at ${place(peak.cen)} · ${width} · min ${height(peak.min)}` };
    }
  }
  if (peak.crossings.length === 1 && peak.cen !== undefined && peak.steep) {
    return { at: peak.cen, words: `edge at ${place(peak.cen)} · max ${height(peak.max)}` };
  }
  return { at: undefined, words: `max ${height(peak.max)} · min ${height(peak.min)}` };
}

/** A number in a format, without zeros at its end. */
function trimmed(format: NumberFormat, value: number): string {
  const text = format(value);
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}
