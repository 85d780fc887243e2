/** The view that plots lines. */

import type { PlotSpec } from "../../display/plotTheme";
import type { EventDescriptor, RunStart } from "../../engine/documents/documents";
import { checkOptions } from "../../options";
import { checkedSources, type FieldSource, fieldsOf, firstFieldOf } from "../view/fieldSource";
import { RunRouter, type RunView } from "../view/runRouter";
import { isScalarNumber, isState } from "../view/streamFields";
import { type ErrorSources, type LogAxes, lineOptionsOf } from "./lineChoices";
import { LinePlot } from "./linePlot";
import { PlotRun } from "./plotRun";
import { PreviousRuns } from "./previousRuns";

/** Options of `LivePlot`, the last argument. */
export interface LivePlotOptions {
  /** The stream to plot; default "primary". */
  readonly streamName?: string;
  /** The ends of the axes; default: those of the data. */
  readonly xlim?: readonly [number, number];
  readonly ylim?: readonly [number, number];
  /** Whether axes are logarithmic: the y axis, or each. Default: if the data and the plan ask for it. */
  readonly log?: LogAxes;
  /** The errors of y, see `LiveOptions`. */
  readonly errors?: ErrorSources;
}

/**
 * Plots fields of a stream against another: `RE.subscribe(new LivePlot("det", motor))`. Without `x` it plots
 * them against the time since the start of the run.
 *
 * Several fields share a panel if they have the same unit. The last run
 * with the same axes stays as a faint line.
 */
export class LivePlot extends RunRouter {
  readonly #y: readonly FieldSource[];
  readonly #x: FieldSource | undefined;
  readonly #options: LivePlotOptions;
  #newest: PlotRun<LinePlot> | undefined;
  readonly #previous = new PreviousRuns();

  constructor(y: FieldSource | readonly FieldSource[], x?: FieldSource, options: LivePlotOptions = {}) {
    super();
    checkOptions("LivePlot", options, { streamName: true, xlim: true, ylim: true, log: true, errors: true });
    this.#y = checkedSources(y);
    this.#x = x === undefined ? undefined : checkedSources(x)[0];
    this.#options = options;
  }

  /**
   * The Vega-Lite specification of the newest run as it is now; undefined before there is something to plot.
   */
  get spec(): PlotSpec | undefined {
    return this.#newest?.spec;
  }

  protected override get fields(): readonly FieldSource[] {
    return this.#x === undefined ? this.#y : [...this.#y, this.#x];
  }

  protected override open(start: RunStart): RunView {
    this.#newest = new PlotRun((descriptor) => this.#linesOf(descriptor, start), {
      extend: (plot, descriptor) => {
        const more = this.#linesOf(descriptor, start);
        if (more) plot.adopt(more);
      },
      ended: (plot) => this.#previous.set(plot),
    });
    return this.#newest;
  }

  #linesOf(descriptor: EventDescriptor, start: RunStart): LinePlot | undefined {
    if (descriptor.name !== (this.#options.streamName ?? "primary")) return undefined;
    const x = this.#x === undefined ? ("time" as const) : firstFieldOf(this.#x, descriptor);
    const all = this.#y.flatMap((source) => fieldsOf(source, descriptor));
    const fields = all.filter((field) => isScalarNumber(field, descriptor));
    const states = all.filter((field) => isState(field, descriptor));
    if (!x || fields.length + states.length === 0) return undefined;
    const axes = { x, fields, states };
    return new LinePlot(start, axes, this.#previous.get(axes), lineOptionsOf(this.#options, fields, descriptor));
  }
}
