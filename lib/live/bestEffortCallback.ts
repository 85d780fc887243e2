import { displayBundle } from "../display/displayBundle";
import { currentHost } from "../display/host";
import { oneLine, printable } from "../display/printable";
import { progressBar, progressText } from "../display/progressBar";
import type { Event, EventDescriptor, RunStart } from "../engine/documents/documents";
import { type Dimensions, dimensionsOf, type Field, fieldOf, hintedKeys, isScalarNumber } from "./consumer/fields";
import { type Frames, liveDisplay } from "./consumer/frames";
import { type EventHandler, RunRouter, type RunView } from "./consumer/runRouter";
import { GridModel, gridOf } from "./plot/liveGrid";
import { PreviousRuns } from "./plot/livePlot";
import { ScatterModel } from "./plot/liveScatter";
import { PlotModel } from "./plot/plotModel";
import { PlotRun, type StreamPlot } from "./plot/plotRun";
import type { WatchedStatus } from "./progress/movingDevices";
import { PlanWatch } from "./progress/planWatch";
import { RunCard } from "./runCard";

/** What to show of each run. */
export interface BestEffortOptions {
  /** Default true. */
  readonly table?: boolean;
  /** Default true. */
  readonly plots?: boolean;
  /** Default true. */
  readonly baseline?: boolean;
  /** Where a run is kept, to be told at its end. */
  readonly fileOf?: (uid: string) => string | undefined;
}

/** Peak statistics of the newest run by field, in bluesky's words: `bec.peaks.com.det`. */
export interface Peaks {
  /** Centre of mass, in the unit of x. */
  readonly com: Record<string, number>;
  /** Mean of the places where y crosses half height, in the unit of x; no entry where it never does. */
  readonly cen: Record<string, number>;
  /** Distance of the outermost such places, in the unit of x; no entry with less than two. */
  readonly fwhm: Record<string, number>;
  /** Where y is highest. */
  readonly max: Record<string, readonly [x: number, y: number]>;
  /** Where y is lowest. */
  readonly min: Record<string, readonly [x: number, y: number]>;
}

/**
 * Shows any run as well as its hints allow: heading, progress, table of the hinted fields, a plot of them against the motors that are scanned (a grid
 * or a scatter plot for two), the baseline, and peaks at the end. Takes any number of runs, nested or not.
 */
export class BestEffortCallback extends RunRouter {
  readonly #options: BestEffortOptions;
  readonly #previous = new PreviousRuns();
  readonly #open = new Set<RunCard>();
  readonly #watch = new PlanWatch(() => this.#changed());
  /** Bars of what moves outside of runs. */
  #moves: Frames | undefined;
  #peaks: Peaks = emptyPeaks();

  constructor(options: BestEffortOptions = {}) {
    super();
    this.#options = options;
  }

  /** Of the newest run that has ended; empty before. */
  get peaks(): Peaks {
    return this.#peaks;
  }

  /** What the plan waits for, null for nothing: `RE.waiting$.subscribe((statuses) => bec.waiting(statuses))`. */
  waiting(statuses: readonly WatchedStatus[] | null): void {
    this.#watch.waiting(statuses);
  }

  /**
   * The state of the engine: `RE.state$.subscribe((state) => bec.engineState(state))`.
   * @param why the plan is suspended, since when and what releases it, in words; default none
   */
  engineState(state: string, why: readonly string[] = []): void {
    if (state === "idle") {
      this.#moves?.finish();
      this.#moves = undefined;
    }
    this.#watch.state(state, why);
  }

  protected override open(start: RunStart): RunView {
    const card = new RunCard(start, this.#watch, this.#options.fileOf ?? (() => undefined));
    this.#open.add(card);
    const peaks = emptyPeaks();
    const plotted = (plot: StreamPlot): void => {
      if (!(plot instanceof PlotModel)) return;
      this.#previous.set(plot);
      addPeaks(peaks, plot);
    };
    const view = new BestEffortRun(start, card, this.#options, this.#previous, plotted);
    return {
      descriptor: (doc) => view.descriptor(doc),
      stop: (doc) => {
        this.#open.delete(card);
        card.finish(doc);
        if (this.#open.size === 0) this.#watch.forgetMoves();
        const finishing = view.finish();
        this.#peaks = peaks;
        return finishing;
      },
    };
  }

  #changed(): void {
    for (const card of this.#open) card.changed();
    if (this.#open.size > 0 || this.#watch.bars.length === 0 || !currentHost().rich) return;
    this.#moves ??= liveDisplay(() => {
      const { bars } = this.#watch;
      const moving = bars.some(({ state }) => state === "busy");
      const text = moving ? `moving ${bars.map(({ name }) => name).join(", ")}` : bars.map(progressText).join("\n");
      return displayBundle(printable(text), ...bars.map(progressBar));
    });
    this.#moves.changed();
  }
}

/** Chooses what to show of one run. */
class BestEffortRun {
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

  #columns(doc: EventDescriptor): Field[] {
    const keys = [...this.#dimensions.fields, ...hintedKeys(doc, this.#dimensions)];
    return keys.flatMap((key) => fieldOf(key, doc) ?? []);
  }

  #plotsOf(doc: EventDescriptor): PlotRun<StreamPlot>[] {
    const fields = hintedKeys(doc, this.#dimensions)
      .flatMap((key) => fieldOf(key, doc) ?? [])
      .filter((field) => isScalarNumber(field, doc));
    if (fields.length === 0) return this.#withoutNumbers(doc);
    const axes = doc.name === this.#dimensions.stream ? this.#dimensions.axes : [];
    const [first, second, ...others] = axes.map((key) => fieldOf(key, doc));
    if (others.length > 0) {
      this.#card.note(`No plot of ${axes.length} dimensions; new LivePlot(y, x) shows one field against another.`);
      return [];
    }
    if (first && second) return fields.map((color) => this.#plot(this.#overTwo(first, second, color)));
    const x = first ? (isScalarNumber(first, doc) ? first : "point") : "time";
    return [this.#plot(new PlotModel(this.#start, { x, fields }, this.#previous.get({ x, fields })))];
  }

  /** A motor that is scanned without a detector: where it came to, against where it was sent. Of arrays and words there is no plot. */
  #withoutNumbers(doc: EventDescriptor): PlotRun<StreamPlot>[] {
    const { axes, fields, stream } = this.#dimensions;
    const others = hintedKeys(doc, this.#dimensions);
    if (others.length > 0) {
      this.#card.note(`No plot of ${oneLine(others.join(", "))}: a plot needs one number an event.`);
      return [];
    }
    if (doc.name !== stream || axes.length !== 1) return [];
    const [readback, setpoint] = fields.flatMap((key) => fieldOf(key, doc) ?? []).filter((f) => isScalarNumber(f, doc));
    if (!readback || !setpoint) return [];
    const axis = { x: setpoint, fields: [readback] };
    return [this.#plot(new PlotModel(this.#start, axis, this.#previous.get(axis)))];
  }

  /** The slow axis of a grid goes up, the fast one to the right, as in bluesky. */
  #overTwo(slow: Field, fast: Field, color: Field): StreamPlot {
    const grid = this.#start.hints?.gridding === "rectilinear" ? gridOf(this.#start) : undefined;
    return grid ? new GridModel(grid, { x: fast, y: slow, color }) : new ScatterModel({ x: slow, y: fast, color });
  }

  #plot(plot: StreamPlot): PlotRun<StreamPlot> {
    return new PlotRun(() => plot, this.#plotted);
  }
}

function combined(handlers: readonly EventHandler[]): EventHandler | undefined {
  const [first, second, ...others] = handlers;
  if (!second) return first;
  return (event: Event) => {
    first?.(event);
    second(event);
    for (const handle of others) handle(event);
  };
}

function emptyPeaks(): Peaks {
  const none = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;
  return { com: none(), cen: none(), fwhm: none(), max: none(), min: none() };
}

function addPeaks(peaks: Peaks, plot: PlotModel): void {
  for (const [key, { com, cen, fwhm, max, min }] of plot.peaks()) {
    peaks.com[key] = com;
    if (cen !== undefined) peaks.cen[key] = cen;
    if (fwhm !== undefined) peaks.fwhm[key] = fwhm;
    peaks.max[key] = max;
    peaks.min[key] = min;
  }
}
