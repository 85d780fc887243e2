/** The view that fits a shape to a run. */

import { definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { formatNumber } from "../../display/number";
import type { RunStart } from "../../engine/documents/documents";
import { checkOptions } from "../../options";
import { PlotRun } from "../plot/plotRun";
import { checkedSources, type FieldSource, firstFieldOf } from "../view/fieldSource";
import { pointsText, runLabel } from "../view/runHeader";
import { RunRouter, type RunView } from "../view/runRouter";
import { isScalarNumber, type StreamField } from "../view/streamFields";
import type { FitModel } from "./fitModel";
import { FitPlot, type LiveFitOptions } from "./fitPlot";
import type { FitResult } from "./fitShape";

/**
 * Fits a shape to one field against another while the run goes on, and draws both:
 * `RE.subscribe(new LiveFit(fitModels.gaussian, "det", motor))`. A shape of several independent variables
 * takes a list of them, of which the first one is the x axis.
 */
export class LiveFit<P extends string> extends RunRouter {
  /** The shape that is fitted. */
  readonly model: FitModel<P>;
  readonly #sources: readonly FieldSource[];
  readonly #options: LiveFitOptions<P>;
  #plot: FitPlot<P> | undefined;

  constructor(
    model: FitModel<P>,
    y: FieldSource,
    x: FieldSource | readonly FieldSource[],
    options: LiveFitOptions<P> = {},
  ) {
    super();
    checkOptions("LiveFit", options, { streamName: true, errors: true, initial: true, bounds: true });
    this.model = model;
    this.#sources = [...checkedSources(y), ...checkedSources(x)];
    this.#options = options;
  }

  /**
   * The fit to all points of the newest run that have come, also in the middle of a plan; undefined while
   * there are too few points, and if the data have no such shape, which `problem` explains.
   */
  get result(): FitResult<P> | undefined {
    return this.#plot?.outcome.result;
  }

  /** Why there is no result, in words; undefined if there is one, and before the first point. */
  get problem(): string | undefined {
    return this.#plot && this.#plot.count > 0 ? this.#plot.outcome.problem : undefined;
  }

  override [$display](): MimeBundle {
    const { result, problem } = this;
    if (!this.#plot || (!result && problem === undefined)) return super[$display]();
    const title = `${this.model.name} fitted to ${this.#plot.title}`;
    const head = { title, facts: [pointsText(result?.count ?? this.#plot.count), problem] };
    const values = result
      ? [
          ...this.#plot.values(),
          ["reduced χ²", formatNumber(Number(result.reducedChiSquare.toPrecision(3)))] as const,
          ["rms", formatNumber(Number(result.rms.toPrecision(5)))] as const,
        ]
      : [];
    return displayBundle(`${headerText(head)}\n${definitionText(values)}`, header(head), definitionList(values));
  }

  protected override get fields(): readonly FieldSource[] {
    return this.#sources;
  }

  protected override open(start: RunStart): RunView {
    this.#plot = undefined;
    return new PlotRun<FitPlot<P>>((descriptor) => {
      if (descriptor.name !== (this.#options.streamName ?? "primary")) return undefined;
      const [y, ...x] = this.#sources.map((source) => {
        const field = firstFieldOf(source, descriptor);
        return field && isScalarNumber(field, descriptor) ? field : undefined;
      });
      if (!y || x.length === 0 || x.includes(undefined)) return undefined;
      const axes = { x: x as [StreamField, ...StreamField[]], y, label: runLabel(start) };
      this.#plot = new FitPlot(this.model, axes, this.#options);
      return this.#plot;
    });
  }
}
