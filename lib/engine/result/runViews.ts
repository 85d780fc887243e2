/** How runs are drawn and their peaks found. */

// The chapter of the views, which stands above this one, provides it, so that `run.plot()` and `run.peaks`
// are there wherever the whole library is loaded.

import type { Displayable } from "../../display/mimeBundle";
import { UsageError } from "../../errors";
import type { Document } from "../documents/documents";

/** The peaks of a run by data key, named as in bluesky: `run.peaks.com.det`. */
export interface RunPeaks {
  /** The centre of mass, in the unit of x. */
  readonly com: Record<string, number>;
  /**
   * The middle of the places at which y crosses half height, in the unit of x; no entry if it never does. In
   * noisy data, neighbours are averaged before.
   */
  readonly cen: Record<string, number>;
  /**
   * The distance between the outermost such places, in the unit of x; no entry if there are fewer than two.
   */
  readonly fwhm: Record<string, number>;
  /** The highest point. */
  readonly max: Record<string, readonly [x: number, y: number]>;
  /** The lowest point. */
  readonly min: Record<string, readonly [x: number, y: number]>;
}

/** The documents of runs, all at once or one after the other, for example from a file. */
export type RunDocuments = Iterable<Document> | AsyncIterable<Document>;

/** The functions that the views provide. */
export interface RunViewsProvider {
  peaks(documents: Iterable<Document>): RunPeaks;
  /** The peaks of a run that is read from its file or its server. */
  keptPeaks(documents: RunDocuments): Promise<RunPeaks>;
  /** @param documents begins the documents of each run, again for each frame */
  plot(documents: readonly (() => RunDocuments)[], options: object): Displayable;
  /** The plot as a PNG on white. Rejects if there is nothing to plot. */
  picture(documents: readonly (() => RunDocuments)[], options: object): Promise<Uint8Array>;
}

let provider: RunViewsProvider | undefined;

/** For the views: provides how runs are drawn. */
export function provideRunViews(views: RunViewsProvider): void {
  provider = views;
}

/** How runs are drawn. Throws if the views are not loaded. */
export function runViews(): RunViewsProvider {
  if (!provider) throw new UsageError('plots and peaks of runs need the views: import them from "secop-lab"');
  return provider;
}
