/** What a plot of lines is given: its axes, how it is drawn, and earlier runs to compare with. */

import type { Points } from "../view/series";
import type { StreamField } from "../view/streamFields";
import type { XAxis } from "./lineAxis";

/** The lines of an earlier run. */
export interface PreviousLines {
  /** The name of the run. */
  readonly label: string;
  /** The lines by data key. */
  readonly lines: ReadonlyMap<string, Points>;
}

/** What is plotted against what. */
export interface PlotAxes {
  readonly x: XAxis;
  /** The fields along y. */
  readonly fields: readonly StreamField[];
  /** The fields that are words, drawn as bands below the lines. Default: none. */
  readonly states?: readonly StreamField[];
}

/** A shape that was fitted to a line, to be drawn in the same plot. */
export interface DrawnFit {
  /** The name of the shape. */
  readonly name: string;
  /** The shape as a line between two positions. */
  curve(domain: readonly [number, number]): Points;
  /** Its parameters in words, or why there is none. */
  readonly words: string;
  /** The same for a line of a plot with several fields: only what says its place. */
  readonly short: string;
}

/** How lines are drawn. */
export interface LineOptions {
  /** Whether the axes are logarithmic; default: if the data and the plan ask for it. */
  readonly log?: { readonly x?: boolean | undefined; readonly y?: boolean | undefined } | undefined;
  /**
   * The errors of y: "sqrt" for counts, of which they are the square root, or the field that has them, for
   * each field. Default: none.
   */
  readonly errors?: "sqrt" | ReadonlyMap<string, StreamField> | undefined;
  /** The ends of the axes; default: those of the data. */
  readonly xlim?: readonly [number, number] | undefined;
  readonly ylim?: readonly [number, number] | undefined;
  /**
   * Whether a value holds until the next one, as that of a signal whose changes are recorded. Default false.
   */
  readonly steps?: boolean | undefined;
  /** Fits a shape to a line; undefined if none is wanted. */
  readonly fit?: ((points: Points, field: StreamField, x: StreamField) => DrawnFit | undefined) | undefined;
}
