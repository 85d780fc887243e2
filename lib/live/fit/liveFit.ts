/** The view that fits a shape to a run. */

import { $display, type MimeBundle } from "../../display/bundle";
import { definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import type { RunStart } from "../../engine/documents/documents";
import { PlotRun } from "../plot/plotRun";
import { type FieldSource, keysOf } from "../view/fieldSource";
import { pointsText, runLabel } from "../view/runHeader";
import { RunRouter, type RunView } from "../view/runRouter";
import { fieldOf, isScalarNumber } from "../view/streamFields";
import type { FitModel } from "./fitModels";
import { FitPlot, type LiveFitOptions } from "./fitPlot";
import type { FitResult } from "./fitShape";

/**
 * Fits a shape to one field against another while the run goes on, and draws both:
 * `RE.subscribe(new LiveFit(fitModels.gaussian, "det", motor))`.
 */
export class LiveFit<P extends string> extends RunRouter {
  /** The shape that is fitted. */
  readonly model: FitModel<P>;
  readonly #y: string | undefined;
  readonly #x: string | undefined;
  readonly #options: LiveFitOptions<P>;
  #plot: FitPlot<P> | undefined;

  constructor(model: FitModel<P>, y: FieldSource, x: FieldSource, options: LiveFitOptions<P> = {}) {
    super();
    this.model = model;
    this.#y = keysOf(y)[0];
    this.#x = keysOf(x)[0];
    this.#options = options;
  }

  /** The fit to the newest run as of its last frame; undefined while there are too few points. */
  get result(): FitResult<P> | undefined {
    return this.#plot?.result;
  }

  override [$display](): MimeBundle {
    const { result } = this;
    if (!this.#plot || !result) return super[$display]();
    const head = { title: `${this.model.name} fitted to ${this.#plot.title}`, facts: [pointsText(result.count)] };
    const values = [...this.#plot.values(), ["rms", String(Number(result.rms.toPrecision(5)))] as const];
    return displayBundle(`${headerText(head)}\n${definitionText(values)}`, header(head), definitionList(values));
  }

  protected override open(start: RunStart): RunView {
    this.#plot = undefined;
    return new PlotRun((descriptor) => {
      if (descriptor.name !== (this.#options.streamName ?? "primary")) return undefined;
      const [x, y] = [this.#x, this.#y].map((key) => (key === undefined ? undefined : fieldOf(key, descriptor)));
      if (!x || !y || !isScalarNumber(x, descriptor) || !isScalarNumber(y, descriptor)) return undefined;
      this.#plot = new FitPlot(this.model, { x, y, label: runLabel(start) }, this.#options.initial);
      return this.#plot;
    });
  }
}
