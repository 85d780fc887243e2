/** What a plot of lines is made of: its lines, panels and axes, before they are a specification. */

import type { PlotHeading } from "../../display/plotTheme";
import type { PeakWords } from "../peaks/peakWords";
import type { Points } from "../view/series";
import type { BandRow } from "./bandSpec";
import { jsonNumber, sentDigits } from "./quantities";
import { rangeOf } from "./range";

/** The line of an earlier run, for comparison. */
export interface EarlierLine {
  readonly label: string;
  readonly points: Points;
}

/** One line. */
export interface Line {
  /** Its name in the legend. */
  readonly label: string;
  readonly points: Points;
  /** Whether it was calculated, so that its points are not marked. */
  readonly curve?: boolean;
  /** The lines of earlier runs, the newest first. */
  readonly earlier?: readonly EarlierLine[] | undefined;
  /** One standard deviation of each point, for its error bar. */
  readonly errors?: Float64Array | undefined;
}

/** One panel: some lines with a common y axis. */
export interface Panel {
  /** The title of the y axis without its unit; empty if the legend names the lines. */
  readonly title: string;
  readonly units: string | undefined;
  /**
   * The number of digits after the point that mean something; a line
   * whose values differ by less is drawn flat.
   */
  readonly precision?: number | undefined;
  readonly lines: readonly Line[];
  /** The peak at the end of the run, to be drawn. */
  readonly peak?: PeakWords | undefined;
  /** Whether the axis is logarithmic; default: if the values ask for it. */
  readonly log?: boolean | undefined;
  /** The ends of the y axis; default: those of the data. */
  readonly limits?: readonly [number, number] | undefined;
  /** The highest point, to be marked. */
  readonly highest?: readonly [x: number, y: number] | undefined;
  /** Whether a value holds until the next one. */
  readonly steps?: boolean | undefined;
}

/** All that a plot of lines shows. */
export interface LineSpecData {
  readonly x: {
    readonly title: string;
    readonly units: string | undefined;
    /** The first and the last position; beyond them the axis has some room, unless it is exact. */
    readonly domain: readonly [number, number];
    /** Whether the axis ends at the domain, as the user said. */
    readonly exact?: boolean;
    /** Whether the axis has ticks at whole numbers only. */
    readonly whole?: boolean;
    readonly log?: boolean;
  };
  readonly panels: readonly Panel[];
  /** Words over the same x axis, below the panels. */
  readonly bands?: readonly BandRow[] | undefined;
  readonly title?: PlotHeading | undefined;
  /** Whether the last frame is drawn, which has tooltips and can be zoomed. */
  readonly final?: boolean;
}

/** A line as it is drawn. */
export interface DrawnLine {
  readonly id: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly points: Points;
  readonly line: Line | undefined;
}

/** The points of lines as rows of data. */
export function rowsOf(lines: readonly DrawnLine[]): { readonly values: readonly object[] } {
  const rows: object[] = [];
  const digits = {
    x: sentDigits(rangeOf(lines.map(({ points }) => points.x.subarray(0, points.length)))),
    y: sentDigits(rangeOf(lines.map(({ points }) => points.y.subarray(0, points.length)))),
  };
  for (const { id, points } of lines) {
    for (let i = 0; i < points.length; i++) {
      rows.push({ x: jsonNumber(points.x[i], digits.x), y: jsonNumber(points.y[i], digits.y), line: id });
    }
  }
  return { values: rows };
}
