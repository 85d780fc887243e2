/** The plot of a line and the shape that is fitted to it. */

import { lineSpec } from "../plot/lineSpec";
import type { PlotFrame } from "../plot/plotDisplay";
import type { StreamPlot } from "../plot/plotRun";
import { pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { decimate, type Points, Series } from "../view/series";
import { numeric, type StreamField, valueIn } from "../view/streamFields";
import { errorsOf, FitData, type FitErrors } from "./fitData";
import type { FitModel } from "./fitModel";
import { type FitLimits, type FitOutcome, type FitResult, fitShape, variablesAt } from "./fitShape";
import { CURVE_POINTS, curveOf, fittedTexts, xRangeOf } from "./fittedShape";

/** Options of `LiveFit`, the last argument. */
export interface LiveFitOptions<P extends string> extends FitLimits<P> {
  /** The stream to fit; default "primary". */
  readonly streamName?: string;
  /**
   * The errors of y: "sqrt" for counts, of which they are the square root, or one number in the unit of y.
   * Default: unknown, so that uncertainties follow from the scatter of the points.
   */
  readonly errors?: FitErrors;
}

/** The largest number of points that are drawn. */
const MOST_DRAWN = 1000;

/** The fields that are fitted against each other, and the name of the run. */
interface FitAxes {
  /** The independent variables; the first one is the x axis. */
  readonly x: readonly [StreamField, ...StreamField[]];
  readonly y: StreamField;
  readonly label: string;
}

/** The points of one run and the shape that is fitted to them. */
export class FitPlot<P extends string> implements StreamPlot {
  readonly #model: FitModel<P>;
  readonly #axes: FitAxes;
  readonly #options: LiveFitOptions<P>;
  readonly #series = new Series();
  readonly #data: FitData;
  /** The fit to the points so far, until the next one comes. */
  #outcome: FitOutcome<P> | undefined;

  constructor(model: FitModel<P>, axes: FitAxes, options: LiveFitOptions<P>) {
    this.#model = model;
    this.#axes = axes;
    this.#options = options;
    this.#data = new FitData(axes.x.length);
  }

  get count(): number {
    return this.#data.count;
  }

  /** The fit to all points so far; it is made when it is asked for. */
  get outcome(): FitOutcome<P> {
    this.#outcome ??= fitShape(
      this.#model,
      this.#data.points(errorsOf(this.#axes.y, this.#options.errors)),
      this.#options,
    );
    return this.#outcome;
  }

  /** The fields of the fit: `det over motor`. */
  get title(): string {
    return `${this.#axes.y.key} over ${this.#axes.x.map(({ key }) => key).join(" and ")}`;
  }

  /** The parameters with their values and units; none without a result. */
  values(): (readonly [name: string, value: string])[] {
    const { result } = this.outcome;
    if (!result) return [];
    const { x, y } = this.#axes;
    const { parameters, derived } = fittedTexts(this.#model, result, { x: x[0], y }, this.#series.points());
    return [...parameters, ...derived];
  }

  handler(): EventHandler {
    const { x, y } = this.#axes;
    const fields = [...x, y];
    const [first] = x;
    return ({ seq_num, data }) => {
      this.#series.put(seq_num - 1, numeric(valueIn(first, data)), numeric(valueIn(y, data)));
      this.#data.put(
        seq_num - 1,
        fields.map((field) => valueIn(field, data)),
      );
      this.#outcome = undefined;
    };
  }

  frame(final: boolean): PlotFrame {
    const { x, y, label } = this.#axes;
    const domain = xRangeOf(this.#series.points());
    const { result, problem } = this.outcome;
    const lines = [
      { label, points: decimate(this.#series.points(), MOST_DRAWN / 4) },
      ...(result ? [{ label: this.#model.name, points: this.#curve(domain, result), curve: true }] : []),
    ];
    const words = this.#words();
    const said = words || (final ? problem : undefined);
    const spec = lineSpec({
      x: { title: x[0].key, units: x[0].units, domain },
      panels: [{ title: y.key, units: y.units, lines }],
      title: { text: `${this.#model.name} fitted to ${label}`, subtitle: said ?? "no fit yet" },
      final,
    });
    const outcome = final ? ` through ${pointsText(this.count)} · ${said}` : "";
    return { spec, run: label, words: `${y.key}: ${this.#model.name}${outcome}` };
  }

  /** The fitted shape as a line; with several independent variables its values at the points. */
  #curve(domain: readonly [number, number], result: FitResult<P>): Points {
    const shape = this.#model.shape(this.#model.parameters.map((name) => result.values[name]));
    if (this.#axes.x.length > 1) {
      const points = this.#data.points();
      const y = points.y.map((_, i) => shape(...variablesAt(points, i)));
      return decimate({ x: points.x[0] as Float64Array, y, length: y.length }, CURVE_POINTS / 2);
    }
    return curveOf(shape, domain);
  }

  #words(): string {
    return this.values()
      .map(([name, value]) => `${name} ${value}`)
      .join(" · ");
  }
}
