/** Plots, peaks and fits of runs that have been measured already, or go on. */

import { $display, type Displayable, type MimeBundle } from "../display/mimeBundle";
import type { PlotSpec } from "../display/plotTheme";
import type { Document, EventDescriptor, RunStart } from "../engine/documents/documents";
import { NothingRecorded } from "../engine/result/nothingRecorded";
import { provideRunViews, type RunDocuments, type RunPeaks } from "../engine/result/runViews";
import { UsageError } from "../errors";
import { checkOptions, type OptionNames } from "../options";
import { type FitModel, FitPlot, type FitResult, type FitShapeName, fitModelOf, type LiveFitOptions } from "./fit";
import { LIVE_OPTIONS, type LiveOptions, liveOptionsOf } from "./liveOptions";
import { bundleOf, comparedLines, LinePlot, type PlotFrame, type StreamPlot } from "./plot";
import { renderPng } from "./plot/renderPng";
import { PlotChoice } from "./plotChoice";
import { isTable, type PlottableTable, tableDocuments } from "./plottedTable";
import { addPeaks, emptyPeaks } from "./runPeaks";
import { checkedSources, type FieldSource, firstFieldOf, nameOfSource } from "./view/fieldSource";
import { fieldList } from "./view/missingFields";
import { runTitle } from "./view/runHeader";
import type { EventHandler } from "./view/runRouter";
import { dimensionsIn, dimensionsOf, hintedKeys, isScalarNumber, type StreamField } from "./view/streamFields";

/** A run: the result or the handle of a plan, or a run from a file. */
export interface PlottableRun {
  documents(): RunDocuments;
}

/** A plot of runs, shown as the last expression of a cell. */
export interface RunPlot extends Displayable {
  /** Its Vega-Lite specification; rejects if there is nothing to plot. */
  spec(): Promise<PlotSpec>;
}

/**
 * The plot of a run as during its measurement, or of several runs with the same axes in one plot:
 * `plot(run1, run2)`. A table is plotted against its first column. The last argument may say what to plot:
 * `plot(run, { y: "det", log: true })`, `plot(run.table(), { x: "motor", y: "det / mon" })`.
 */
export function plot(
  ...given: readonly [PlottableRun | PlottableTable, ...(PlottableRun | PlottableTable | LiveOptions)[]]
): RunPlot {
  const last = given.at(-1);
  const options = isOptions(last) ? last : {};
  const sources = given.filter((each) => isRun(each) || isTable(each));
  const others = given.length - sources.length - (options === last ? 1 : 0);
  if (sources.length === 0 || others > 0)
    throw new UsageError('plot: give runs or tables, and options last, like plot(run) or plot(table, { y: "det" })');
  return drawn(
    sources.map((source) => () => (isRun(source) ? source.documents() : tableDocuments(source, options))),
    options,
  );
}

/** What `fit` is given besides its shape. */
export interface RunFitOptions extends LiveFitOptions<string> {
  /** What is fitted; default: the first hinted field that is a number. */
  readonly y?: FieldSource;
  /** Against what; default: the first motor. */
  readonly x?: FieldSource;
}

const FIT_OPTIONS: OptionNames<RunFitOptions> = {
  y: true,
  x: true,
  streamName: true,
  errors: true,
  initial: true,
  bounds: true,
};

/** A fit to a run, shown with its values and its plot as the last expression of a cell. */
export interface RunFit extends Displayable {
  /** Undefined if the data have no such shape, which `problem` explains. */
  readonly result: FitResult | undefined;
  readonly problem: string | undefined;
}

/**
 * Fits a shape to the latest of the runs: `await fit(run, "gaussian")`. Rejects if there is nothing to fit.
 */
export async function fit(
  run: PlottableRun,
  shape: FitShapeName | FitModel,
  options: RunFitOptions = {},
): Promise<RunFit> {
  checkOptions("fit", options, FIT_OPTIONS);
  const model = fitModelOf(shape);
  const plots = await fed(run.documents(), (start) => {
    const streams = new Set<string>();
    return (doc) => {
      const axes = streams.has(doc.name) ? undefined : fitAxes(start, doc, options);
      if (!axes) return [];
      streams.add(doc.name);
      return [new FitPlot(model, { ...axes, label: runTitle(start) }, options)];
    };
  });
  const last = plots.at(-1);
  if (!(last instanceof FitPlot)) {
    const has = await keysIn([run.documents()]);
    throw new UsageError(`fit: the run has no numbers to fit; name the fields: { y, x }; it has ${has}`);
  }
  const { result, problem } = last.outcome;
  return { result, problem, [$display]: () => bundleOf(last.frame(true)) };
}

function fitAxes(start: RunStart, doc: EventDescriptor, { x, y, streamName }: RunFitOptions) {
  const dimensions = dimensionsIn(dimensionsOf(start), doc);
  if (doc.name !== (streamName ?? dimensions.stream)) return undefined;
  const number = (source: FieldSource | undefined): StreamField | undefined => {
    const field = source === undefined ? undefined : firstFieldOf(source, doc);
    return field && isScalarNumber(field, doc) ? field : undefined;
  };
  const xField = number(x ?? dimensions.axes[0]);
  const yField = y === undefined ? hintedKeys(doc, dimensions).map(number).find(Boolean) : number(y);
  return xField && yField ? { x: [xField] as [StreamField], y: yField } : undefined;
}

function drawn(documents: readonly (() => RunDocuments)[], options: LiveOptions): RunPlot {
  checkOptions("plot", options, LIVE_OPTIONS);
  const frame = async (): Promise<PlotFrame> => {
    const runs = await Promise.all(documents.map((begin) => fed(begin(), chosen(options))));
    const firsts = runs.flatMap((plots) => plots.filter(({ count }) => count > 0).slice(-1));
    await Promise.all(firsts.map((plot) => plot.complete?.()));
    const [first, ...others] = firsts;
    if (!first) throw new NothingRecorded(await nothingToPlot(documents, options));
    const lines = firsts.filter((each) => each instanceof LinePlot);
    return others.length > 0 && lines.length === firsts.length ? comparedLines(lines) : first.frame(true);
  };
  return {
    spec: async () => (await frame()).spec,
    [$display]: async (): Promise<MimeBundle> => bundleOf(await frame()),
  };
}

/** Why no run has anything to plot; of fields that the user named, with those that there are. */
async function nothingToPlot(documents: readonly (() => RunDocuments)[], { y }: LiveOptions): Promise<string> {
  const reason = "there is nothing to plot: no number in the runs";
  if (y === undefined) return reason;
  return `${reason} for y: ${checkedSources(y).map(nameOfSource).join(", ")}; they have ${await keysIn(documents.map((begin) => begin()))}`;
}

/** The data keys of runs in words. */
async function keysIn(runs: readonly RunDocuments[]): Promise<string> {
  const keys = new Set<string>();
  for (const documents of runs)
    for await (const { name, doc } of documents)
      if (name === "descriptor") for (const key of Object.keys(doc.data_keys)) keys.add(key);
  return fieldList(keys) || "no data";
}

const chosen =
  (options: LiveOptions) =>
  (start: RunStart): ((doc: EventDescriptor) => StreamPlot[]) => {
    const choice = new PlotChoice(start, liveOptionsOf(options, start));
    return (doc) => (doc.name === "baseline" ? [] : choice.plotsOf(doc));
  };

/**
 * The plots of runs, fed with all their events; the last run's primary plot is the last one.
 * @param plotsOf gives the plots that a descriptor adds to its stream
 */
async function fed(
  documents: RunDocuments,
  plotsOf: (start: RunStart) => (doc: EventDescriptor) => StreamPlot[],
): Promise<StreamPlot[]> {
  const feeder = new Feeder(plotsOf);
  for await (const document of documents) feeder.take(document);
  return feeder.plots;
}

/** Passes documents to plots. */
class Feeder {
  readonly #plotsOf: (start: RunStart) => (doc: EventDescriptor) => StreamPlot[];
  readonly #runs = new Map<string, (doc: EventDescriptor) => StreamPlot[]>();
  readonly #streams = new Map<string, readonly StreamPlot[]>();
  readonly #handlers = new Map<string, readonly EventHandler[]>();

  constructor(plotsOf: (start: RunStart) => (doc: EventDescriptor) => StreamPlot[]) {
    this.#plotsOf = plotsOf;
  }

  get plots(): StreamPlot[] {
    const primary = [...this.#streams].filter(([key]) => key.endsWith(" primary"));
    const others = [...this.#streams].filter(([key]) => !key.endsWith(" primary"));
    return [...others, ...primary].flatMap(([, plots]) => plots.toReversed());
  }

  take({ name, doc }: Document): void {
    if (name === "start") this.#runs.set(doc.uid, this.#plotsOf(doc));
    else if (name === "descriptor") {
      const key = `${doc.run_start} ${doc.name}`;
      const plots = [...(this.#streams.get(key) ?? []), ...(this.#runs.get(doc.run_start)?.(doc) ?? [])];
      this.#streams.set(key, plots);
      this.#handlers.set(
        doc.uid,
        plots.flatMap((plot) => plot.handler() ?? []),
      );
    } else if (name === "event") for (const handle of this.#handlers.get(doc.descriptor) ?? []) handle(doc);
    else if (name === "stream_resource") for (const plot of this.plots) plot.resource?.(doc);
    else if (name === "stream_datum") for (const plot of this.plots) plot.datum?.(doc);
  }
}

/** The peaks of the lines of a run. */
function peaksOf(documents: Iterable<Document>): RunPeaks {
  const feeder = new Feeder(chosen({}));
  for (const document of documents) feeder.take(document);
  return peaksIn(feeder.plots);
}

function peaksIn(plots: readonly StreamPlot[]): RunPeaks {
  const peaks = emptyPeaks();
  for (const each of plots) if (each instanceof LinePlot) addPeaks(peaks, each);
  return peaks;
}

const isOptions = (value: unknown): value is LiveOptions =>
  typeof value === "object" && value !== null && !isRun(value) && !isTable(value);

function isRun(value: unknown): value is PlottableRun {
  return typeof (value as Partial<PlottableRun> | null | undefined)?.documents === "function";
}

provideRunViews({
  peaks: peaksOf,
  keptPeaks: async (documents) => peaksIn(await fed(documents, chosen({}))),
  plot: drawn,
  picture: async (documents, options) =>
    renderPng({ ...(await drawn(documents, options).spec()), background: "#ffffff" }),
});
