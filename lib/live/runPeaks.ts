/** The peaks of all lines of a run by data key, as in bluesky: `bec.peaks.com.det`. */

import { inspect } from "node:util";
import type { RunPeaks } from "../engine/result/runViews";
import type { LinePlot } from "./plot";

/** No peaks yet. */
export function emptyPeaks(): RunPeaks {
  // Without a prototype any name of a field is a key like the others; a cell shows it as a plain object.
  const none = <T>(): Record<string, T> =>
    Object.defineProperty(Object.create(null) as Record<string, T>, inspect.custom, {
      value(this: Record<string, T>) {
        return { ...this };
      },
    });
  return { com: none(), cen: none(), fwhm: none(), max: none(), min: none() };
}

/** Adds the peaks of the lines of a plot. */
export function addPeaks(peaks: RunPeaks, plot: LinePlot): void {
  for (const [key, { com, cen, fwhm, max, min }] of plot.peaks()) {
    peaks.com[key] = com;
    if (cen !== undefined) peaks.cen[key] = cen;
    if (fwhm !== undefined) peaks.fwhm[key] = fwhm;
    peaks.max[key] = max;
    peaks.min[key] = min;
  }
}
