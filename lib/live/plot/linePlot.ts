/** The plot of fields as lines, and of words as bands. */

import { formatNumber, withUnits } from "../../display/number";
import { placeText } from "../../display/placeText";
import { axisTitle } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { type ClearPeak, clearPeakOf } from "../peaks/clearPeak";
import type { Peak } from "../peaks/peakStats";
import { peakWords } from "../peaks/peakWords";
import { noNumberText, pointsText, runLabel, runTitle } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { decimate, type Points } from "../view/series";
import type { StreamField } from "../view/streamFields";
import { isGeometric, wantsLog } from "./axisScale";
import type { BandRow } from "./bandSpec";
import { plannedRange, titleOf } from "./lineAxis";
import type { Line, LineSpecData, Panel } from "./lineData";
import type { DrawnFit, LineOptions, PlotAxes, PreviousLines } from "./lineOptions";
import { LinePoints } from "./linePoints";
import { areMany, lineSpec } from "./lineSpec";
import { panelGroups } from "./panelGroups";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { rangeAround, rangeOf } from "./range";
import { inTimeUnit, timeUnit } from "./timeAxis";

/** The largest number of points of all lines together that are sent to the front end. */
const MOST_POINTS = 2000;
/** Fields up to which each has a line of words below the title. */
const MOST_SAID = 3;
/** The number of points that are kept of each line of an earlier run. */
const PREVIOUS_POINTS = 250;

/**
 * What was found in the points. Several parts of a frame ask for it, and all points are looked at for it, so
 * it is kept until the next event.
 */
interface Findings {
  readonly peaks: Map<StreamField, ClearPeak | undefined>;
  readonly fits: Map<StreamField, DrawnFit | undefined>;
  domain: readonly [number, number] | undefined;
}

/** The lines of one run: some fields against one. */
export class LinePlot implements StreamPlot {
  /** What is plotted from the beginning; later descriptors may add fields. */
  readonly axes: PlotAxes;
  readonly #label: string;
  readonly #earlier: readonly PreviousLines[];
  readonly #options: LineOptions;
  readonly #start: RunStart;
  readonly #points: LinePoints;
  /** Dropped at each event, which is one assignment: clearing its maps would take longer. */
  #findings: Findings | undefined;
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
    this.#points = new LinePoints(start, axes, options.errors);
  }

  /** The name of the run. */
  get label(): string {
    return this.#label;
  }

  /** The identifier of the run. */
  get uid(): string {
    return this.#start.uid;
  }

  /** The number of points that came. */
  get count(): number {
    return this.#points.count;
  }

  /** All its fields, in the order in which they were described. */
  get fields(): readonly StreamField[] {
    return this.#points.fields;
  }

  /**
   * Takes the fields of another plot that has no points yet, whose fields a later descriptor brought.
   * @returns false if its axis is another one
   */
  adopt(other: LinePlot): boolean {
    if (titleOf(other.axes.x).title !== titleOf(this.axes.x).title) return false;
    this.#points.add(other.axes, other.#options.errors);
    this.#findings = undefined;
    return true;
  }

  handler(): EventHandler {
    return this.#points.handler(() => {
      this.#findings = undefined;
    });
  }

  frame(final: boolean): PlotFrame {
    return { spec: lineSpec(this.lines(final)), run: runTitle(this.#start), words: this.words(final) };
  }

  /** What is drawn now. @param final whether the run has ended, so that the peak is described */
  lines(final: boolean): LineSpecData {
    const domain = this.#xDomain();
    // At the end the plot no longer grows, so fields may return to their panel.
    if (final) this.#alone.clear();
    const groups = panelGroups(this.fields, (field) => this.#pointsOf(field), this.#alone);
    // Small plots stand in the order of the fields, whatever would share a panel.
    const shown = areMany(groups) ? this.fields.map((field) => [field]) : groups;
    const panels = shown.map((group) => this.#panel(group, domain, final));
    const bands = this.#points.bands.map(
      ({ field: { key, choices }, states }): BandRow => ({ label: key, choices, spans: states.spans() }),
    );
    const title = { text: runTitle(this.#start), subtitle: this.#subtitle(final, domain) };
    const x = {
      ...titleOf(this.axes.x),
      domain,
      exact: this.#options.xlim !== undefined,
      whole: this.axes.x === "point",
      log: this.#logX(domain),
    };
    return inTimeUnit({ x, panels, bands, title, final }, this.axes.x === "time");
  }

  #panel(group: readonly StreamField[], domain: readonly [number, number], final: boolean): Panel {
    const [first, ...others] = group;
    const { log, ylim, steps } = this.#options;
    const shares = this.fields.length * (1 + this.#earlier.length / 4);
    const buckets = Math.max(4, Math.floor(MOST_POINTS / 2 / shares / 2));
    const common = { units: first?.units, precision: first?.precision, log: log?.y, limits: ylim, steps };
    if (!first || others.length > 0) {
      return { ...common, title: "", lines: group.map((field) => this.#line(field, field.key, buckets)) };
    }
    const line = this.#line(first, this.#label, buckets);
    const fitted = this.#fit(first);
    const curve = fitted && { label: fitted.name, points: fitted.curve(domain), curve: true };
    const peak = final && !fitted ? this.#peak(first, domain) : undefined;
    const highest = final ? this.#highest(first) : undefined;
    return { ...common, title: first.key, lines: curve ? [line, curve] : [line], peak, highest };
  }

  #line(field: StreamField, label: string, buckets: number): Line {
    const all = this.#pointsOf(field);
    const points = decimate(all, buckets);
    const earlier = this.#earlier.flatMap(({ label: name, lines }) => {
      const before = lines.get(field.key);
      return before ? [{ label: name, points: decimate(before, Math.max(4, Math.floor(buckets / 8))) }] : [];
    });
    return { label, points, earlier, errors: this.#errorsOf(field, points, points.length === all.length) };
  }

  /**
   * One standard deviation of each point; of fewer points than were measured only if it follows from them.
   */
  #errorsOf(field: StreamField, points: Points, isWhole: boolean): Float64Array | undefined {
    // The error of a ratio is not the root of it.
    if (this.#options.errors === "sqrt" && field.value) return undefined;
    if (this.#options.errors === "sqrt") return points.y.map((value) => Math.sqrt(Math.max(1, Math.abs(value))));
    return isWhole ? this.#points.errors(field.key)?.y.subarray(0, points.length) : undefined;
  }

  /** The plot in words, one line for each field; at the end with the number of points and the peak. */
  words(final: boolean): string {
    const domain = this.#xDomain();
    const x = axisTitle(titleOf(this.axes.x).title, this.#unitsOfX(domain).units);
    const fields = this.fields.map((field) => {
      const axes = `${axisTitle(field.key, field.units)} against ${x}`;
      if (!final) return axes;
      const said = this.#fit(field)?.words ?? this.#peak(field, domain)?.words;
      return `${axes}, ${pointsText(this.count)}${said ? ` · ${said}` : ""}`;
    });
    const bands = this.#points.bands.map(({ field: { key }, states }) => {
      const words = states.spans().map(({ word }) => word);
      const shown = words.length > 8 ? [...words.slice(0, 4), "…", ...words.slice(-3)] : words;
      return `${key} against ${x}${final && shown.length > 0 ? `: ${shown.join(", ")}` : ""}`;
    });
    return [...fields, ...bands].join("\n");
  }

  /** The lines as a later plot with the same axes shows them. */
  asPrevious(): PreviousLines {
    const lines = new Map<string, Points>();
    for (const field of this.fields) {
      const { x, y, length } = decimate(this.#pointsOf(field), PREVIOUS_POINTS / 2);
      lines.set(field.key, { x: x.slice(0, length), y: y.slice(0, length), length });
    }
    return { label: this.#label, lines };
  }

  /** The peak of each field, by data key; none if the x axis is not a field. */
  peaks(): Map<string, Peak> {
    const peaks = new Map<string, Peak>();
    if (typeof this.axes.x === "string") return peaks;
    for (const field of this.fields) {
      const peak = this.#clearPeak(field);
      if (peak) peaks.set(field.key, peak);
    }
    return peaks;
  }

  /** All points of a field, as far as they are kept. */
  #pointsOf({ key }: StreamField): Points {
    return this.#points.points(key);
  }

  /**
   * The range of the points and of what the plan announced, so that the axis does not grow with every point.
   */
  #xDomain(): readonly [number, number] {
    const found = this.#found;
    found.domain ??= this.#options.xlim ?? this.#rangeOfX();
    return found.domain;
  }

  #rangeOfX(): readonly [number, number] {
    const columns = this.fields.slice(0, 1).map((field) => {
      const { x, length } = this.#pointsOf(field);
      return x.subarray(0, length);
    });
    const spans = this.#points.bands.flatMap(({ states }) => states.spans());
    if (spans.length > 0) columns.push(Float64Array.from(spans.flatMap(({ from, to }) => [from, to])));
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

  /** What is known so far, in one line below the title, or in one for each of a few fields. */
  #subtitle(final: boolean, domain: readonly [number, number]): string {
    if (this.count === 0) return noNumberText(0) + "\n ".repeat(this.#fewFields ? this.fields.length - 1 : 0);
    const [field, ...others] = this.fields;
    if (field && others.length === 0) return this.#said(field, domain, { final, short: false });
    if (!this.#fewFields) return pointsText(this.count);
    return this.fields.map((each) => `${each.key} · ${this.#said(each, domain, { final, short: true })}`).join("\n");
  }

  /** Whether each field has a line of words of its own. */
  get #fewFields(): boolean {
    return this.fields.length > 1 && this.fields.length <= MOST_SAID;
  }

  /** What is known of a field: its fit, its peak at the end, else its highest point. */
  #said(
    field: StreamField,
    domain: readonly [number, number],
    { final, short }: { readonly final: boolean; readonly short: boolean },
  ): string {
    const known = this.#fit(field) ?? (final ? this.#peak(field, domain) : undefined);
    if (known) return short ? known.short : known.words;
    const highest = this.#highest(field);
    if (!highest) return noNumberText(this.count);
    const { units, divisor } = this.#unitsOfX(domain);
    const place = placeText(highest[0] / divisor, [domain[0] / divisor, domain[1] / divisor]);
    const max = withUnits((field.format ?? formatNumber)(highest[1]), field.units);
    return `${final ? "" : "so far: "}max ${max} at ${withUnits(place, units)}`;
  }

  /** The unit of positions in words, which is that of the axis, and what seconds are divided by for it. */
  #unitsOfX([from, to]: readonly [number, number]): { readonly units: string | undefined; readonly divisor: number } {
    return this.axes.x === "time" ? timeUnit(to - from) : { units: titleOf(this.axes.x).units, divisor: 1 };
  }

  /** The highest point of a field that can be drawn; undefined while there is none. */
  #highest(field: StreamField): readonly [x: number, y: number] | undefined {
    const { x, y, length } = this.#pointsOf(field);
    let best = -1;
    let highest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < length; i++) {
      // All points are looked at several times a second, so there is one comparison for most of them.
      const value = y[i] as number;
      if (value <= highest || !Number.isFinite(value) || !Number.isFinite(x[i])) continue;
      best = i;
      highest = value;
    }
    return best < 0 ? undefined : [x[best] as number, y[best] as number];
  }

  /** Whether the x axis is logarithmic: once it is, it stays so. */
  #logX([low]: readonly [number, number]): boolean {
    const { x } = this.axes;
    const [field] = this.fields;
    if (typeof x === "string" || low <= 0 || !field) return false;
    const given = this.#options.log?.x;
    if (given !== undefined) return given;
    const { x: positions, length } = this.#pointsOf(field);
    return plannedRange(this.#start, x.key)?.log === true || isGeometric(positions.subarray(0, length));
  }

  get #found(): Findings {
    this.#findings ??= { peaks: new Map(), fits: new Map(), domain: undefined };
    return this.#findings;
  }

  /** The fit to a field that has a panel of its own. */
  #fit(field: StreamField): DrawnFit | undefined {
    const { x } = this.axes;
    if (typeof x === "string" || this.count < 3) return undefined;
    const { fits } = this.#found;
    if (!fits.has(field)) fits.set(field, this.#options.fit?.(this.#pointsOf(field), field, x));
    return fits.get(field);
  }

  #clearPeak(field: StreamField): ClearPeak | undefined {
    const { peaks } = this.#found;
    if (!peaks.has(field)) peaks.set(field, clearPeakOf(this.#pointsOf(field)));
    return peaks.get(field);
  }

  #peak(field: StreamField, domain: readonly [number, number]): ReturnType<typeof peakWords> {
    if (typeof this.axes.x === "string" || this.count < 3) return undefined;
    const points = this.#pointsOf(field);
    const peak = this.#clearPeak(field);
    // What looks like an edge on linear axes is a straight line on logarithmic ones.
    const isLog = this.#logX(domain) || (this.#options.log?.y ?? wantsLog([points.y.subarray(0, points.length)]));
    const shown = isLog && peak?.feature === "edge" ? ({ ...peak, feature: "nothing" } as const) : peak;
    return shown && peakWords(shown, this.axes.x, field, domain);
  }
}
