/** The view that plots lines. */

import type { PlotSpec } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { type FieldSource, keysOf } from "../view/fieldSource";
import { RunRouter, type RunView } from "../view/runRouter";
import { fieldOf, isScalarNumber } from "../view/streamFields";
import { LinePlot } from "./linePlot";
import { PlotRun } from "./plotRun";
import { PreviousRuns } from "./previousRuns";

/** Options of `LivePlot`, the last argument. */
export interface LivePlotOptions {
  /** The stream to plot; default "primary". */
  readonly streamName?: string;
}

/**
 * Plots fields of a stream against another: `RE.subscribe(new LivePlot("det", motor))`. Without `x` it plots
 * them against the time since the start of the run.
 *
 * Several fields share a panel if they have the same unit. The last run
 * with the same axes stays as a faint line.
 */
export class LivePlot extends RunRouter {
  readonly #y: readonly string[];
  readonly #x: string | undefined;
  readonly #streamName: string;
  #newest: PlotRun<LinePlot> | undefined;
  readonly #previous = new PreviousRuns();

  constructor(y: FieldSource | readonly FieldSource[], x?: FieldSource, options: LivePlotOptions = {}) {
    super();
    this.#y = (Array.isArray(y) ? y : [y as FieldSource]).flatMap(keysOf);
    this.#x = x === undefined ? undefined : keysOf(x)[0];
    this.#streamName = options.streamName ?? "primary";
  }

  /**
   * The Vega-Lite specification of the newest run as it is now; undefined before there is something to plot.
   */
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
        return new LinePlot(start, { x, fields }, this.#previous.get({ x, fields }));
      },
      (plot) => this.#previous.set(plot),
    );
    return this.#newest;
  }
}
