/** Chooses what to show of a run by its hints. */

import { currentHost } from "../display/host";
import type { Event, EventDescriptor, RunStart, StreamDatum, StreamResource } from "../engine/documents/documents";
import { oneLine } from "../printable";
import type { KnownLiveOptions } from "./liveOptions";
import { ArrayPlot, emptyPlot, FileImagePlot, PlotDisplay, PlotRun, type PreviousRuns, type StreamPlot } from "./plot";
import { isFileImage, PlotChoice } from "./plotChoice";
import type { RunCard } from "./runCard";
import { fieldsOf } from "./view/fieldSource";
import { readableField } from "./view/memberFields";
import type { EventHandler } from "./view/runRouter";
import {
  type Dimensions,
  dimensionsIn,
  dimensionsOf,
  fieldOf,
  hintedKeys,
  motorsOf,
  type StreamField,
} from "./view/streamFields";

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
  readonly #choice: PlotChoice;
  readonly #plotted: (plot: StreamPlot) => void;
  readonly #dimensions: Dimensions;
  readonly #plots = new Map<string, readonly PlotRun<StreamPlot>[]>();
  /** The place of the first plot, while it is empty. */
  #place: PlotDisplay | undefined;
  #noPlot = "";

  constructor(start: RunStart, card: RunCard, { options, previous, plotted }: RunViews) {
    this.#start = start;
    this.#card = card;
    this.#options = options;
    this.#choice = new PlotChoice(start, options, previous, (text) => {
      if (this.#hasOnePoint) return;
      this.#noPlot = text;
      if (!this.#place) card.note(text);
    });
    this.#plotted = plotted;
    this.#dimensions = dimensionsOf(start);
    if (options.plots && !this.#hasOnePoint && currentHost().rich) {
      this.#place = new PlotDisplay(() => emptyPlot(start));
      this.#place.place();
    }
    if (options.table) card.placeBelow();
  }

  /** A stream begins, or goes on with a new descriptor. */
  descriptor(doc: EventDescriptor): EventHandler | undefined {
    const { table, plots, baseline } = this.#options;
    if (doc.name === "baseline") {
      return baseline ? this.#card.baseline(doc) : undefined;
    }
    const handlers: EventHandler[] = [];
    if (doc.name === this.#dimensions.stream) {
      if (table) {
        handlers.push(this.#card.table(this.#columns(doc)));
      }
      const named = { ...this.#dimensions, axes: motorsOf(this.#start) };
      this.#card.motorsAre(dimensionsIn(named, doc).axes.map((key) => fieldOf(key, doc)));
      handlers.push((event) => this.#card.counted(event));
    }
    if (plots) {
      const known = this.#plots.get(doc.name) ?? [];
      const all = [...known, ...this.#plotsOf(doc).map((plot) => this.#plot(plot))];
      this.#plots.set(doc.name, all);
      for (const plot of all) {
        const handler = plot.descriptor(doc);
        if (handler) handlers.push(handler);
      }
    }
    return combined(handlers);
  }

  /** A detector has a file with values of this run. */
  resource(doc: StreamResource): void {
    for (const plot of this.#allPlots()) plot.resource(doc);
  }

  /** A file has more values. */
  datum(doc: StreamDatum): void {
    for (const plot of this.#allPlots()) plot.datum(doc);
  }

  #allPlots(): PlotRun<StreamPlot>[] {
    return [...this.#plots.values()].flat();
  }

  /** Draws the last frames; resolves when their pictures are out. */
  async finish(): Promise<void> {
    this.#place?.replaceByWords(this.#noPlot);
    await Promise.all(this.#allPlots().map((plot) => plot.stop()));
  }

  get #hasOnePoint(): boolean {
    return this.#start.num_points === 1;
  }

  /** A line of one point says nothing, but a single array or image does. */
  #plotsOf(doc: EventDescriptor): StreamPlot[] {
    const plots = this.#choice.plotsOf(doc);
    if (!this.#hasOnePoint) return plots;
    return plots.filter((plot) => plot instanceof ArrayPlot || plot instanceof FileImagePlot);
  }

  #columns(doc: EventDescriptor): StreamField[] {
    const { y, hide, plots } = this.#options;
    const keys = [...dimensionsIn(this.#dimensions, doc).fields, ...hintedKeys(doc, this.#dimensions)];
    const hinted = keys.flatMap((key) => fieldOf(key, doc) ?? []).map(readableField);
    // What a user asked for has a column, too: members of structs, and what is computed.
    const asked = (y ?? []).flatMap((source) => fieldsOf(source, doc));
    const added = asked.filter((field) => !hinted.some(({ key }) => key === field.key));
    const shown = [...hinted, ...added].filter(({ key }) => !hide.has(key));
    // Events do not contain what the detector writes into files, such as images.
    const inFiles = shown.filter(({ key }) => doc.data_keys[key]?.external);
    const unseen = inFiles.filter(({ key }) => !plots || !isFileImage(doc.data_keys[key]));
    if (unseen.length > 0)
      this.#card.note(`In files of the detector: ${oneLine(unseen.map(({ key }) => key).join(", "))}.`);
    return shown.filter((field) => !inFiles.includes(field));
  }

  #plot(plot: StreamPlot): PlotRun<StreamPlot> {
    return new PlotRun(() => plot, {
      ended: this.#plotted,
      place: () => {
        const place = this.#place;
        this.#place = undefined;
        return place;
      },
    });
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
