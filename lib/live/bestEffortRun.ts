/** Chooses what to show of a run by its hints. */

import type { Event, EventDescriptor, RunStart } from "../engine/documents/documents";
import { oneLine } from "../printable";
import { GridPlot, gridOf, LinePlot, PlotRun, type PreviousRuns, ScatterPlot, type StreamPlot } from "./plot";
import type { RunCard } from "./runCard";
import { runTitle } from "./view/runHeader";
import type { EventHandler } from "./view/runRouter";
import {
  type Dimensions,
  dimensionsOf,
  fieldOf,
  hintedKeys,
  isScalarNumber,
  type StreamField,
} from "./view/streamFields";

/** The largest number of maps or scatter plots of one run. */
const MOST_MAPS = 4;

/** What to show of each run. */
export interface BestEffortOptions {
  /** Whether to show the table; default true. */
  readonly table?: boolean;
  /** Whether to show plots; default true. */
  readonly plots?: boolean;
  /** Whether to show the baseline; default true. */
  readonly baseline?: boolean;
  /** Where a run is stored, by its uid; shown at its end. */
  readonly fileOf?: (uid: string) => string | undefined;
}

/** Chooses what is shown of one run. */
export class BestEffortRun {
  readonly #start: RunStart;
  readonly #card: RunCard;
  readonly #options: BestEffortOptions;
  readonly #previous: PreviousRuns;
  readonly #plotted: (plot: StreamPlot) => void;
  readonly #dimensions: Dimensions;
  readonly #plots = new Map<string, readonly PlotRun<StreamPlot>[]>();
  #table: EventHandler | undefined;
  #baseline: EventHandler | undefined;

  constructor(
    start: RunStart,
    card: RunCard,
    options: BestEffortOptions,
    previous: PreviousRuns,
    plotted: (plot: StreamPlot) => void,
  ) {
    this.#start = start;
    this.#card = card;
    this.#options = options;
    this.#previous = previous;
    this.#plotted = plotted;
    this.#dimensions = dimensionsOf(start);
  }

  /** A stream begins, or goes on with a new descriptor. */
  descriptor(doc: EventDescriptor): EventHandler | undefined {
    const { table = true, plots = true, baseline = true } = this.#options;
    if (doc.name === "baseline") {
      if (baseline) this.#baseline ??= this.#card.baseline(doc);
      return this.#baseline;
    }
    const handlers: EventHandler[] = [];
    if (table && doc.name === this.#dimensions.stream) {
      this.#table ??= this.#card.table(this.#columns(doc));
      handlers.push(this.#table);
    }
    if (plots && this.#start.num_points !== 1) {
      if (!this.#plots.has(doc.name)) this.#plots.set(doc.name, this.#plotsOf(doc));
      for (const plot of this.#plots.get(doc.name) ?? []) {
        const handler = plot.descriptor(doc);
        if (handler) handlers.push(handler);
      }
    }
    return combined(handlers);
  }

  /** Draws the last frames; resolves when their pictures are out. */
  async finish(): Promise<void> {
    await Promise.all([...this.#plots.values()].flat().map((plot) => plot.stop()));
  }

  #columns(doc: EventDescriptor): StreamField[] {
    const keys = [...this.#dimensions.fields, ...hintedKeys(doc, this.#dimensions)];
    return keys.flatMap((key) => fieldOf(key, doc) ?? []);
  }

  #plotsOf(doc: EventDescriptor): PlotRun<StreamPlot>[] {
    const fields = hintedKeys(doc, this.#dimensions)
      .flatMap((key) => fieldOf(key, doc) ?? [])
      .filter((field) => isScalarNumber(field, doc));
    if (fields.length === 0) return this.#withoutNumbers(doc);
    const axes = doc.name === this.#dimensions.stream ? this.#dimensions.axes : [];
    const positions = axes.map((key) => fieldOf(key, doc));
    const [first] = positions;
    if (positions.length > 1) return fields.slice(0, MOST_MAPS).flatMap((color) => this.#overSeveral(positions, color));
    const x = first ? (isScalarNumber(first, doc) ? first : "point") : "time";
    return [this.#plot(new LinePlot(this.#start, { x, fields }, this.#previous.get({ x, fields })))];
  }

  /**
   * The plot of a motor that is scanned without a detector: its readback against its
   * setpoint. Arrays and strings have no plot.
   */
  #withoutNumbers(doc: EventDescriptor): PlotRun<StreamPlot>[] {
    const { axes, fields, stream } = this.#dimensions;
    const others = hintedKeys(doc, this.#dimensions);
    if (others.length > 0) {
      this.#card.note(`No plot of ${oneLine(others.join(", "))}: a plot needs one number per event.`);
      return [];
    }
    if (doc.name !== stream || axes.length !== 1) return [];
    const [readback, setpoint] = fields.flatMap((key) => fieldOf(key, doc) ?? []).filter((f) => isScalarNumber(f, doc));
    if (!readback || !setpoint) return [];
    const axis = { x: setpoint, fields: [readback] };
    return [this.#plot(new LinePlot(this.#start, axis, this.#previous.get(axis)))];
  }

  /**
   * The plot against two motors or more. In a grid the slow axis is the vertical one, as in bluesky; the slower
   * ones of a larger grid give maps side by side. Without a grid, the first two are the axes of a scatter plot.
   */
  #overSeveral(axes: readonly (StreamField | undefined)[], color: StreamField): PlotRun<StreamPlot>[] {
    const grid = this.#start.hints?.gridding === "rectilinear" ? gridOf(this.#start) : undefined;
    const [slow, fast] = axes.slice(-2);
    const [first, second] = axes;
    if (grid && grid.shape.length === axes.length && slow && fast) {
      return [this.#plot(new GridPlot(grid, { x: fast, y: slow, color }, runTitle(this.#start), axes.slice(0, -2)))];
    }
    return first && second ? [this.#plot(new ScatterPlot({ x: first, y: second, color }, runTitle(this.#start)))] : [];
  }

  #plot(plot: StreamPlot): PlotRun<StreamPlot> {
    return new PlotRun(() => plot, this.#plotted);
  }
}

/** One handler that passes events to several. */
function combined(handlers: readonly EventHandler[]): EventHandler | undefined {
  const [first, second, ...others] = handlers;
  if (!second) return first;
  return (event: Event) => {
    first?.(event);
    second(event);
    for (const handle of others) handle(event);
  };
}
