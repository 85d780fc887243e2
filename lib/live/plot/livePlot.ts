import type { PlotSpec } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { type FieldSource, fieldOf, isScalarNumber, keysOf } from "../consumer/fields";
import { RunRouter, type RunView } from "../consumer/runRouter";
import { type PlotAxes, PlotModel, type PreviousLines } from "./plotModel";
import { PlotRun } from "./plotRun";

/** Options of `LivePlot`, the last argument. */
export interface LivePlotOptions {
  /** Default `primary`. */
  readonly streamName?: string;
}

/** Combinations of axes whose last lines are remembered. */
const REMEMBERED = 16;

/** The last run of each combination of axes, to compare the next one with. */
export class PreviousRuns {
  readonly #runs = new Map<string, PreviousLines>();

  get(axes: PlotAxes): PreviousLines | undefined {
    return this.#runs.get(keyOf(axes));
  }

  set(model: PlotModel): void {
    const key = keyOf(model.axes);
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
  #newest: PlotRun<PlotModel> | undefined;
  readonly #previous = new PreviousRuns();

  constructor(y: FieldSource | readonly FieldSource[], x?: FieldSource, options: LivePlotOptions = {}) {
    super();
    this.#y = (Array.isArray(y) ? y : [y as FieldSource]).flatMap(keysOf);
    this.#x = x === undefined ? undefined : keysOf(x)[0];
    this.#streamName = options.streamName ?? "primary";
  }

  /** The Vega-Lite specification of the newest run as it stands; `undefined` before there is something to plot. */
  get spec(): PlotSpec | undefined {
    return this.#newest?.spec;
  }

  protected override open(start: RunStart): RunView {
    this.#newest = new PlotRun(
      (descriptor) => {
        if (descriptor.name !== this.#streamName) return undefined;
        const x = this.#x === undefined ? "time" : fieldOf(this.#x, descriptor);
        const fields = this.#y
          .flatMap((key) => fieldOf(key, descriptor) ?? [])
          .filter((field) => isScalarNumber(field, descriptor));
        if (!x || fields.length === 0) return undefined;
        return new PlotModel(start, { x, fields }, this.#previous.get({ x, fields }));
      },
      (model) => this.#previous.set(model),
    );
    return this.#newest;
  }
}

function keyOf({ x, fields }: PlotAxes): string {
  return JSON.stringify([typeof x === "string" ? { x } : x.key, ...fields.map((field) => field.key)]);
}
