import { axisTitle } from "../../display/plotTheme";
import type { Event, RunStart } from "../../engine/documents/documents";
import type { Field } from "../consumer/fields";
import { points, runLabel } from "../consumer/runHeader";
import type { EventHandler } from "../consumer/runRouter";
import { decimate, type Points, Series } from "../consumer/series";
import { type Peak, peakOf } from "../peaks/peakStats";
import { peakWords } from "../peaks/peakWords";
import { around, extent, type Line, type Lines, lineSpec, type Panel } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";

/** Points sent to the front end at most, all lines together. */
const MOST_POINTS = 2000;
/** Points kept of the run before, per line. */
const PREVIOUS_POINTS = 500;
/** Lines in one panel must not differ more in their spread, or the smaller one is flat. */
const FLAT = 20;

/** Lines of an earlier run, by field. */
export interface PreviousLines {
  readonly label: string;
  readonly lines: ReadonlyMap<string, Points>;
}

/** The x axis: a field, the time since the start of the run, or the number of the point. */
export type AxisField = Field | "time" | "point";

/** What is plotted against what. */
export interface PlotAxes {
  readonly x: AxisField;
  readonly fields: readonly Field[];
}

/** The points of a run in some fields against one. Taking an event costs a few assignments. */
export class PlotModel implements StreamPlot {
  readonly axes: PlotAxes;
  readonly #label: string;
  readonly #previous: PreviousLines | undefined;
  readonly #start: RunStart;
  readonly #series: readonly Series[];
  /** Fields which left their panel, since they would be flat in it; they don't come back while the plot grows, so that nothing jumps. */
  readonly #alone = new Set<string>();

  constructor(start: RunStart, axes: PlotAxes, previous?: PreviousLines) {
    this.#label = runLabel(start);
    this.axes = axes;
    this.#previous = previous;
    this.#start = start;
    this.#series = axes.fields.map(() => new Series());
  }

  /** Points that came. */
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

  /** What is drawn now; with the words about peaks if `final`. */
  lines(final: boolean): Lines {
    const domain = this.#xDomain();
    const x = titleOf(this.axes.x);
    // At the end nothing grows any more, so that a field may come back to its panel.
    if (final) this.#alone.clear();
    const groups = this.#groups();
    const shares = this.axes.fields.length * (this.#previous ? 1.5 : 1);
    const buckets = Math.max(4, Math.floor(MOST_POINTS / 2 / shares / 2));
    const line = (field: Field, label: string): Line => {
      const before = this.#previous?.lines.get(field.key);
      return {
        label,
        points: decimate(this.#points(field), buckets),
        previous: before && this.#previous && { label: this.#previous.label, points: decimate(before, buckets / 2) },
      };
    };
    const panels = groups.map((group): Panel => {
      const [first, ...others] = group;
      if (!first || others.length > 0)
        return {
          title: "",
          units: first?.units,
          precision: first?.precision,
          lines: group.map((field) => line(field, field.key)),
        };
      const peak = final ? this.#peak(first, domain) : undefined;
      const { key: title, units, precision } = first;
      return { title, units, precision, lines: [line(first, this.#label)], peak };
    });
    return { x: { ...x, domain, whole: this.axes.x === "point" }, panels };
  }

  /** A line on each field that is plotted, for where there are no pictures; how many points and which peak at the end. */
  words(final: boolean): string {
    const { title, units } = titleOf(this.axes.x);
    const x = axisTitle(title, units);
    const domain = this.#xDomain();
    const fields = this.axes.fields.map((field) => {
      const axes = `${axisTitle(field.key, field.units)} against ${x}`;
      if (!final) return axes;
      const peak = this.#peak(field, domain)?.words;
      return `${axes}, ${points(this.count)}${peak ? ` · ${peak}` : ""}`;
    });
    return fields.join("\n");
  }

  /** What a later plot of the same axes shows of this one. */
  asPrevious(): PreviousLines {
    const lines = new Map<string, Points>();
    for (const field of this.axes.fields) {
      const { x, y, length } = decimate(this.#points(field), PREVIOUS_POINTS / 2);
      lines.set(field.key, { x: x.slice(0, length), y: y.slice(0, length), length });
    }
    return { label: this.#label, lines };
  }

  /** The peak in each field, if the plot is one against a field. */
  peaks(): Map<string, Peak> {
    const peaks = new Map<string, Peak>();
    if (typeof this.axes.x === "string") return peaks;
    for (const field of this.axes.fields) {
      const peak = peakOf(this.#points(field));
      if (peak) peaks.set(field.key, peak);
    }
    return peaks;
  }

  #points(field: Field): Points {
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

  /** From what the plan announced and what came, so that the axis does not grow with every point. */
  #xDomain(): readonly [number, number] {
    const columns = this.#series.slice(0, 1).map((series) => {
      const { x, length } = series.points();
      return x.subarray(0, length);
    });
    const planned = typeof this.axes.x === "string" ? undefined : plannedRange(this.#start, this.axes.x.key);
    const [low, high] = extent(planned && this.#within(planned, columns[0]?.[0]) ? [...columns, planned] : columns);
    return low === high ? around(low) : [low, high];
  }

  #within(planned: Float64Array, first: number | undefined): boolean {
    const [low, high] = extent([planned]);
    const margin = (high - low) * 0.1;
    return first === undefined || (first >= low - margin && first <= high + margin);
  }

  /** Fields of one unit share a panel unless one of them would be flat beside the others. */
  #groups(): Field[][] {
    const groups: { readonly units: string | undefined; readonly fields: Field[]; spread: number }[] = [];
    for (const field of this.axes.fields) {
      const { y, length } = this.#points(field);
      const [low, high] = extent([y.subarray(0, length)]);
      const spread = high - low;
      const group = groups.find(({ units }) => units !== undefined && units === field.units);
      if (group && spread > 0 && group.spread > 0 && Math.max(spread / group.spread, group.spread / spread) > FLAT)
        this.#alone.add(field.key);
      if (!group || this.#alone.has(field.key))
        groups.push({ units: this.#alone.has(field.key) ? undefined : field.units, fields: [field], spread });
      else {
        group.fields.push(field);
        group.spread = Math.max(group.spread, spread);
      }
    }
    return groups.map(({ fields }) => fields);
  }

  #peak(field: Field, domain: readonly [number, number]): ReturnType<typeof peakWords> {
    if (typeof this.axes.x === "string" || this.count < 3) return undefined;
    const peak = peakOf(this.#points(field));
    return peak && peakWords(peak, this.axes.x, field, domain);
  }
}

function titleOf(x: AxisField): { readonly title: string; readonly units: string | undefined } {
  if (typeof x !== "string") return { title: x.key, units: x.units };
  return { title: x, units: x === "time" ? "s" : undefined };
}

const numeric = (value: unknown): number => (typeof value === "number" ? value : Number.NaN);

/** Start and end of the axis' motor as the plan was called: `plan_pattern_args.args` is motor, start, stop, ... */
function plannedRange(start: RunStart, key: string): Float64Array | undefined {
  const pattern = start.plan_pattern_args;
  const args = typeof pattern === "object" && pattern !== null ? (pattern as { args?: unknown }).args : undefined;
  const motors = Array.isArray(start.motors) ? start.motors : [];
  const at = motors.findIndex((motor) => typeof motor === "string" && (key === motor || key.startsWith(`${motor}-`)));
  if (!Array.isArray(args) || at < 0 || start.plan_pattern !== "inner_product") return undefined;
  const [from, to] = [args[3 * at + 1], args[3 * at + 2]];
  return typeof from === "number" && typeof to === "number" ? Float64Array.of(from, to) : undefined;
}
