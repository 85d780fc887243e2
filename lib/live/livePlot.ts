import type { EventDescriptor, RunStart, RunStop } from "../engine/documents";
import { type Field, fieldOf } from "./fields";
import { lineSpec } from "./lineSpec";
import { type FieldSource, keysOf } from "./liveTable";
import { PlotDisplay } from "./plotDisplay";
import { type AxisField, PlotModel, type PreviousLines, plottable } from "./plotModel";
import { type EventHandler, RunRouter, type RunView } from "./runRouter";

export interface LivePlotOptions {
  /** Default `primary`. */
  readonly streamName?: string;
}

/** What a plot shows of a stream. */
export interface PlotChoice {
  readonly x: AxisField;
  readonly fields: readonly Field[];
}

/** Combinations of axes whose last lines are remembered. */
const REMEMBERED = 16;

/** The last run of each combination of axes, to compare the next one with. */
export class PreviousRuns {
  readonly #runs = new Map<string, PreviousLines>();

  get(choice: PlotChoice): PreviousLines | undefined {
    return this.#runs.get(axesKey(choice));
  }

  set(model: PlotModel): void {
    const key = axesKey(model);
    this.#runs.delete(key);
    this.#runs.set(key, model.asPrevious());
    for (const oldest of this.#runs.keys()) {
      if (this.#runs.size <= REMEMBERED) break;
      this.#runs.delete(oldest);
    }
  }
}

/**
 * Plots fields of a stream against another, or against the time since the start of the run without `x`: `RE.subscribe(new LivePlot("det", motor))`.
 * Several fields share a panel if they have the same unit. The run before with the same axes stays as a faint line.
 */
export class LivePlot extends RunRouter {
  readonly #y: readonly string[];
  readonly #x: string | undefined;
  readonly #streamName: string;
  readonly #previous = new PreviousRuns();

  constructor(y: FieldSource | readonly FieldSource[], x?: FieldSource, options: LivePlotOptions = {}) {
    super();
    this.#y = (Array.isArray(y) ? y : [y as FieldSource]).flatMap(keysOf);
    this.#x = x === undefined ? undefined : keysOf(x)[0];
    this.#streamName = options.streamName ?? "primary";
  }

  protected override open(start: RunStart): RunView {
    return new PlotView(start, this.#previous, (descriptor) => {
      if (descriptor.name !== this.#streamName) return undefined;
      const x = this.#x === undefined ? "time" : fieldOf(this.#x, descriptor);
      const fields = this.#y.flatMap((key) => fieldOf(key, descriptor) ?? []);
      return x && { x, fields };
    });
  }
}

/** The plot of one stream of one run. */
export class PlotView implements RunView {
  readonly #start: RunStart;
  readonly #previous: PreviousRuns;
  readonly #choose: (descriptor: EventDescriptor) => PlotChoice | undefined;
  #stream: { readonly name: string; readonly model: PlotModel; readonly display: PlotDisplay } | undefined;

  /** `choose` says what to plot of a stream, `undefined` for nothing. The first stream with something to plot is plotted. */
  constructor(
    start: RunStart,
    previous: PreviousRuns,
    choose: (descriptor: EventDescriptor) => PlotChoice | undefined,
  ) {
    this.#start = start;
    this.#previous = previous;
    this.#choose = choose;
  }

  descriptor(doc: EventDescriptor): EventHandler | undefined {
    if (this.#stream && this.#stream.name !== doc.name) return undefined;
    this.#stream ??= this.#begin(doc);
    if (!this.#stream) return undefined;
    const { model, display } = this.#stream;
    const take = model.handler();
    return (event) => {
      take(event);
      display.changed();
    };
  }

  async stop(_doc: RunStop): Promise<void> {
    if (!this.#stream || this.#stream.model.count === 0) return;
    this.#previous.set(this.#stream.model);
    await this.#stream.display.finish();
  }

  #begin(descriptor: EventDescriptor): { name: string; model: PlotModel; display: PlotDisplay } | undefined {
    const choice = this.#choose(descriptor);
    const fields = choice ? plottable(choice.fields, descriptor) : [];
    if (!choice || fields.length === 0) return undefined;
    const model = new PlotModel(this.#start, choice.x, fields, this.#previous.get({ x: choice.x, fields }));
    const render = (final: boolean) => ({ spec: lineSpec(model.lines(final)), words: model.words(final) });
    return { name: descriptor.name, model, display: new PlotDisplay(render) };
  }
}

function axesKey({ x, fields }: PlotChoice): string {
  return JSON.stringify([x === "time" ? null : x.key, ...fields.map((field) => field.key)]);
}
