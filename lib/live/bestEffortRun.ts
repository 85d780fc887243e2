/** Chooses what to show of a run by its hints. */

import { currentHost } from "../display/host";
import type { Event, EventDescriptor, RunStart } from "../engine/documents/documents";
import { oneLine } from "../printable";
import type { KnownLiveOptions } from "./liveOptions";
import {
  emptyPlot,
  GridPlot,
  gridOf,
  LinePlot,
  PlotDisplay,
  PlotRun,
  type PreviousRuns,
  ScatterPlot,
  type StreamPlot,
} from "./plot";
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

/** What is shown of runs, and where. */
export interface RunViews {
  readonly options: KnownLiveOptions;
  /** The lines of earlier runs. */
  readonly previous: PreviousRuns;
  /** Called with each plot at the end. */
  readonly plotted: (plot: StreamPlot) => void;
}

/** Chooses what is shown of one run. */
export class BestEffortRun {
  readonly #start: RunStart;
  readonly #card: RunCard;
  readonly #options: KnownLiveOptions;
  readonly #previous: PreviousRuns;
  readonly #plotted: (plot: StreamPlot) => void;
  readonly #dimensions: Dimensions;
  readonly #plots = new Map<string, readonly PlotRun<StreamPlot>[]>();
  #table: EventHandler | undefined;
  #baseline: EventHandler | undefined;
  /** The place of the first plot, while it is empty. */
  #place: PlotDisplay | undefined;
  #noPlot = "";

  constructor(start: RunStart, card: RunCard, { options, previous, plotted }: RunViews) {
    this.#start = start;
    this.#card = card;
    this.#options = options;
    this.#previous = previous;
    this.#plotted = plotted;
    this.#dimensions = dimensionsOf(start);
    if (options.plots && start.num_points !== 1 && currentHost().rich) {
      this.#place = new PlotDisplay(() => emptyPlot(start));
      this.#place.place();
    }
    if (options.table) card.placeBelow();
  }

  /** A stream begins, or goes on with a new descriptor. */
  descriptor(doc: EventDescriptor): EventHandler | undefined {
    const { table, plots, baseline } = this.#options;
    if (doc.name === "baseline") {
      if (baseline) this.#baseline ??= this.#card.baseline(doc);
      return this.#baseline;
    }
    const handlers: EventHandler[] = [];
    if (doc.name === this.#dimensions.stream) {
      if (table) {
        this.#table ??= this.#card.table(this.#columns(doc));
        handlers.push(this.#table);
      }
      handlers.push(({ seq_num }) => this.#card.counted(seq_num));
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
    this.#place?.replaceByWords(this.#noPlot);
    await Promise.all([...this.#plots.values()].flat().map((plot) => plot.stop()));
  }

  #columns(doc: EventDescriptor): StreamField[] {
    const keys = [...this.#dimensions.fields, ...hintedKeys(doc, this.#dimensions)];
    return keys.filter((key) => !this.#options.hide.has(key)).flatMap((key) => fieldOf(key, doc) ?? []);
  }

  #plotsOf(doc: EventDescriptor): PlotRun<StreamPlot>[] {
    const { y, hide } = this.#options;
    const wanted = (y ?? hintedKeys(doc, this.#dimensions)).filter((key) => !hide.has(key));
    const fields = wanted.flatMap((key) => fieldOf(key, doc) ?? []).filter((field) => isScalarNumber(field, doc));
    if (fields.length === 0) return y ? [] : this.#withoutNumbers(doc);
    const axes = this.#axesOf(doc);
    const [first] = axes;
    if (axes.length > 1) return fields.slice(0, MOST_MAPS).flatMap((color) => this.#overSeveral(axes, color));
    const x = first ? (isScalarNumber(first, doc) ? first : "point") : "time";
    return [this.#lines({ x, fields })];
  }

  /** The fields along x, of which a stream other than that of the scan has none. */
  #axesOf(doc: EventDescriptor): (StreamField | undefined)[] {
    const { x } = this.#options;
    if (x === "time") return [];
    const given = x === undefined ? undefined : fieldOf(x, doc);
    if (given) return [given];
    return doc.name === this.#dimensions.stream ? this.#dimensions.axes.map((key) => fieldOf(key, doc)) : [];
  }

  /**
   * The plot of a motor that is scanned without a detector: its readback against its
   * setpoint. Arrays and strings have no plot.
   */
  #withoutNumbers(doc: EventDescriptor): PlotRun<StreamPlot>[] {
    const { axes, fields, stream } = this.#dimensions;
    const others = hintedKeys(doc, this.#dimensions);
    if (others.length > 0) {
      this.#noPlot = `No plot of ${oneLine(others.join(", "))}: a plot needs one number per event.`;
      if (!this.#place) this.#card.note(this.#noPlot);
      return [];
    }
    if (doc.name !== stream || axes.length !== 1) return [];
    const [readback, setpoint] = fields.flatMap((key) => fieldOf(key, doc) ?? []).filter((f) => isScalarNumber(f, doc));
    return readback && setpoint ? [this.#lines({ x: setpoint, fields: [readback] })] : [];
  }

  /**
   * The plot against two motors or more. In a grid the slow axis is the vertical one, as in bluesky; the slower
   * ones of a larger grid give maps side by side. Without a grid, the first two are the axes of a scatter plot.
   */
  #overSeveral(axes: readonly (StreamField | undefined)[], color: StreamField): PlotRun<StreamPlot>[] {
    const grid = this.#start.hints?.gridding === "rectilinear" ? gridOf(this.#start) : undefined;
    const title = runTitle(this.#start);
    const [slow, fast] = axes.slice(-2);
    const [first, second] = axes;
    if (grid && grid.shape.length === axes.length && slow && fast) {
      return [this.#plot(new GridPlot(grid, { x: fast, y: slow, color }, title, axes.slice(0, -2)))];
    }
    return first && second ? [this.#plot(new ScatterPlot({ x: first, y: second, color }, title))] : [];
  }

  #lines(axes: LinePlot["axes"]): PlotRun<StreamPlot> {
    const { log, errors } = this.#options;
    return this.#plot(new LinePlot(this.#start, axes, this.#previous.get(axes), { log, errors }));
  }

  #plot(plot: StreamPlot): PlotRun<StreamPlot> {
    return new PlotRun(
      () => plot,
      this.#plotted,
      () => {
        const place = this.#place;
        this.#place = undefined;
        return place;
      },
    );
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
