/** The plot of fields as lines. */

import { formatNumber, withUnits } from "../../display/number";
import { axisTitle } from "../../display/plotTheme";
import type { Event, RunStart } from "../../engine/documents/documents";
import { clearPeakOf } from "../peaks/clearPeak";
import type { Peak } from "../peaks/peakStats";
import { peakWords, placeText } from "../peaks/peakWords";
import { pointsText, runLabel, runTitle } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { decimate, type Points, Series } from "../view/series";
import type { StreamField } from "../view/streamFields";
import { isGeometric } from "./axisScale";
import { type Line, type LineSpecData, lineSpec, type Panel } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { rangeAround, rangeOf } from "./range";

/** The largest number of points of all lines together that are sent to the front end. */
const MOST_POINTS = 2000;
/** The number of points that are kept of each line of an earlier run. */
const PREVIOUS_POINTS = 250;
/**
 * The largest ratio between the range of a panel and the spread of one of its lines; beyond it, that line would
 * look flat.
 */
const LARGEST_SPREAD_RATIO = 20;
/** The number of points from which the spread of a line means something. */
const FEWEST_FOR_SPREAD = 4;

/** The lines of an earlier run. */
export interface PreviousLines {
  /** The name of the run. */
  readonly label: string;
  /** The lines by data key. */
  readonly lines: ReadonlyMap<string, Points>;
}

/** The x axis: a field, the time since the start of the run in seconds, or the number of the point. */
export type XAxis = StreamField | "time" | "point";

/** What is plotted against what. */
export interface PlotAxes {
  readonly x: XAxis;
  /** The fields along y. */
  readonly fields: readonly StreamField[];
}

/** How lines are drawn. */
export interface LineOptions {
  /** Whether the axes are logarithmic; default: if the data and the plan ask for it. */
  readonly log?: { readonly x?: boolean | undefined; readonly y?: boolean | undefined } | undefined;
  /** The errors of y: "sqrt" for counts, of which they are the square root. Default: none. */
  readonly errors?: "sqrt" | undefined;
}

/** The lines of one run: some fields against one. Taking an event costs a few assignments. */
export class LinePlot implements StreamPlot {
  readonly axes: PlotAxes;
  readonly #label: string;
  readonly #earlier: readonly PreviousLines[];
  readonly #options: LineOptions;
  readonly #start: RunStart;
  readonly #series: readonly Series[];
  /**
   * Fields that left their panel, where they would look flat. They stay alone
   * while the plot grows, so that nothing jumps.
   */
  readonly #alone = new Set<string>();

  /** @param earlier the lines of earlier runs, the newest first */
  constructor(start: RunStart, axes: PlotAxes, earlier: readonly PreviousLines[] = [], options: LineOptions = {}) {
    this.#label = runLabel(start);
    this.axes = axes;
    this.#earlier = earlier;
    this.#options = options;
    this.#start = start;
    this.#series = axes.fields.map(() => new Series());
  }

  /** The name of the run. */
  get label(): string {
    return this.#label;
  }

  /** The number of points that came. */
  get count(): number {
    return this.#series[0]?.count ?? 0;
  }

  handler(): EventHandler {
    const xOf = this.#xOf();
    const lines = this.axes.fields.map((field, i) => ({ key: field.key, series: this.#series[i] as Series }));
    return (event) => {
      const x = xOf(event);
      for (const { key, series } of lines) series.put(event.seq_num - 1, x, numeric(event.data[key]));
    };
  }

  frame(final: boolean): PlotFrame {
    return { spec: lineSpec(this.lines(final)), words: this.words(final) };
  }

  /** What is drawn now. @param final whether the run has ended, so that the peak is described */
  lines(final: boolean): LineSpecData {
    const domain = this.#xDomain();
    const x = titleOf(this.axes.x);
    // At the end the plot no longer grows, so fields may return to their panel.
    if (final) this.#alone.clear();
    const groups = this.#groups();
    const shares = this.axes.fields.length * (1 + this.#earlier.length / 4);
    const buckets = Math.max(4, Math.floor(MOST_POINTS / 2 / shares / 2));
    const line = (field: StreamField, label: string): Line => {
      const points = decimate(this.#points(field), buckets);
      const earlier = this.#earlier.flatMap(({ label: name, lines }) => {
        const before = lines.get(field.key);
        return before ? [{ label: name, points: decimate(before, Math.max(4, buckets / 8)) }] : [];
      });
      const errors = this.#options.errors && points.y.map((value) => Math.sqrt(Math.max(1, Math.abs(value))));
      return { label, points, earlier, errors };
    };
    const log = this.#options.log?.y;
    const panels = groups.map((group): Panel => {
      const [first, ...others] = group;
      if (!first || others.length > 0) {
        return {
          title: "",
          units: first?.units,
          precision: first?.precision,
          lines: group.map((field) => line(field, field.key)),
          log,
        };
      }
      const peak = final ? this.#peak(first, domain) : undefined;
      const { key: title, units, precision } = first;
      return { title, units, precision, lines: [line(first, this.#label)], peak, log };
    });
    const title = { text: runTitle(this.#start), subtitle: this.#subtitle(final, domain) };
    return { x: { ...x, domain, whole: this.axes.x === "point", log: this.#logX(domain) }, panels, title, final };
  }

  /** The plot in words, one line for each field; at the end with the number of points and the peak. */
  words(final: boolean): string {
    const { title, units } = titleOf(this.axes.x);
    const x = axisTitle(title, units);
    const domain = this.#xDomain();
    const fields = this.axes.fields.map((field) => {
      const axes = `${axisTitle(field.key, field.units)} against ${x}`;
      if (!final) return axes;
      const peak = this.#peak(field, domain)?.words;
      return `${axes}, ${pointsText(this.count)}${peak ? ` · ${peak}` : ""}`;
    });
    return fields.join("\n");
  }

  /** The lines as a later plot with the same axes shows them. */
  asPrevious(): PreviousLines {
    const lines = new Map<string, Points>();
    for (const field of this.axes.fields) {
      const { x, y, length } = decimate(this.#points(field), PREVIOUS_POINTS / 2);
      lines.set(field.key, { x: x.slice(0, length), y: y.slice(0, length), length });
    }
    return { label: this.#label, lines };
  }

  /** The peak of each field, by data key; none if the x axis is not a field. */
  peaks(): Map<string, Peak> {
    const peaks = new Map<string, Peak>();
    if (typeof this.axes.x === "string") return peaks;
    for (const field of this.axes.fields) {
      const peak = clearPeakOf(this.#points(field));
      if (peak) peaks.set(field.key, peak);
    }
    return peaks;
  }

  #points(field: StreamField): Points {
    const series = this.#series[this.axes.fields.indexOf(field)] ?? new Series();
    return series.points();
  }

  #xOf(): (event: Event) => number {
    const { x } = this.axes;
    const { time } = this.#start;
    if (x === "time") return (event) => event.time - time;
    if (x === "point") return (event) => event.seq_num;
    return (event) => numeric(event.data[x.key]);
  }

  /**
   * The range of the points and of what the plan announced, so that the axis does not grow with every point.
   */
  #xDomain(): readonly [number, number] {
    const columns = this.#series.slice(0, 1).map((series) => {
      const { x, length } = series.points();
      return x.subarray(0, length);
    });
    const planned = typeof this.axes.x === "string" ? undefined : plannedRange(this.#start, this.axes.x.key)?.range;
    const [low, high] = rangeOf(
      planned && this.#startsWithin(planned, columns[0]?.[0]) ? [...columns, planned] : columns,
    );
    return low === high ? rangeAround(low) : [low, high];
  }

  /**
   * Whether the first point lies in the announced range or near it; a range
   * that is relative to the start is useless.
   */
  #startsWithin(planned: Float64Array, first: number | undefined): boolean {
    const [low, high] = rangeOf([planned]);
    const margin = (high - low) * 0.1;
    return first === undefined || (first >= low - margin && first <= high + margin);
  }

  /**
   * The fields of each panel. Fields of one unit share a panel unless one
   * of them would look flat beside the others.
   */
  #groups(): StreamField[][] {
    const groups: {
      readonly units: string | undefined;
      readonly fields: StreamField[];
      low: number;
      high: number;
      spread: number;
    }[] = [];
    for (const field of this.axes.fields) {
      const { y, length } = this.#points(field);
      const [low, high] = rangeOf([y.subarray(0, length)]);
      const spread = high - low;
      const group = groups.find(({ units }) => units !== undefined && units === field.units);
      if (group && spread > 0 && length >= FEWEST_FOR_SPREAD) {
        const smallest = group.spread > 0 ? Math.min(spread, group.spread) : spread;
        const range = Math.max(high, group.high) - Math.min(low, group.low);
        if (range > LARGEST_SPREAD_RATIO * smallest) this.#alone.add(field.key);
      }
      if (!group || this.#alone.has(field.key)) {
        groups.push({
          units: this.#alone.has(field.key) ? undefined : field.units,
          fields: [field],
          low,
          high,
          spread,
        });
      } else {
        group.fields.push(field);
        [group.low, group.high] = [Math.min(low, group.low), Math.max(high, group.high)];
        group.spread = group.spread > 0 && spread > 0 ? Math.min(group.spread, spread) : Math.max(group.spread, spread);
      }
    }
    return groups.map(({ fields }) => fields);
  }

  /** What is known so far, in one line below the title. */
  #subtitle(final: boolean, domain: readonly [number, number]): string {
    if (this.count === 0) return "waiting for the first point";
    const [field, ...others] = this.axes.fields;
    if (!field || others.length > 0) return pointsText(this.count);
    const words = final ? this.#peak(field, domain)?.words : undefined;
    if (words) return words;
    const { x, y, length } = this.#points(field);
    let best = -1;
    for (let i = 0; i < length; i++)
      if (!((y[i] as number) <= (y[best] ?? Number.NaN)) && !Number.isNaN(y[i])) best = i;
    if (best < 0) return pointsText(this.count);
    const { units } = titleOf(this.axes.x);
    const max = withUnits((field.format ?? formatNumber)(y[best] as number), field.units);
    return `${final ? "" : "so far: "}max ${max} at ${withUnits(placeText(x[best] as number, domain), units)}`;
  }

  /** Whether the x axis is logarithmic: once it is, it stays so. */
  #logX([low]: readonly [number, number]): boolean {
    const { x } = this.axes;
    if (typeof x === "string" || low <= 0) return false;
    const given = this.#options.log?.x;
    if (given !== undefined) return given;
    const { x: positions, length } = this.#points(this.axes.fields[0] as StreamField);
    return plannedRange(this.#start, x.key)?.log === true || isGeometric(positions.subarray(0, length));
  }

  #peak(field: StreamField, domain: readonly [number, number]): ReturnType<typeof peakWords> {
    if (typeof this.axes.x === "string" || this.count < 3) return undefined;
    const peak = clearPeakOf(this.#points(field));
    return peak && peakWords(peak, this.axes.x, field, domain);
  }
}

function titleOf(x: XAxis): { readonly title: string; readonly units: string | undefined } {
  if (typeof x !== "string") return { title: x.key, units: x.units };
  return { title: x, units: x === "time" ? "s" : undefined };
}

const numeric = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

/**
 * The first and last position of a motor that the plan announced:
 * `plan_pattern_args.args` is motor, start, stop, ...
 */
export function plannedRange(
  start: RunStart,
  key: string,
): { readonly range: Float64Array; readonly log: boolean } | undefined {
  const pattern = start.plan_pattern_args;
  if (start.plan_pattern === "logspace") return logspace(pattern);
  const args = typeof pattern === "object" && pattern !== null ? (pattern as { args?: unknown }).args : undefined;
  const motors = Array.isArray(start.motors) ? start.motors : [];
  const at = motors.findIndex((motor) => typeof motor === "string" && (key === motor || key.startsWith(`${motor}-`)));
  if (!Array.isArray(args) || at < 0 || start.plan_pattern !== "inner_product") return undefined;
  const [from, to] = [args[3 * at + 1], args[3 * at + 2]];
  return typeof from === "number" && typeof to === "number"
    ? { range: Float64Array.of(from, to), log: false }
    : undefined;
}

/** The positions of a scan in equal factors; its arguments are powers of ten. */
function logspace(pattern: unknown): { readonly range: Float64Array; readonly log: boolean } | undefined {
  const { start, stop } = (pattern ?? {}) as { readonly start?: unknown; readonly stop?: unknown };
  if (typeof start !== "number" || typeof stop !== "number") return undefined;
  const range = Float64Array.of(10 ** start, 10 ** stop);
  return range.every((end) => end > 0 && Number.isFinite(end))
    ? { range, log: Math.abs(stop - start) >= 2 }
    : undefined;
}
