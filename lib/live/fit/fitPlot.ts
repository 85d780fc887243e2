/** The plot of a line and the shape that is fitted to it. */

import { formatNumber, formatUncertain } from "../../display/number";
import { placeText } from "../../display/placeText";
import { lineSpec } from "../plot/lineSpec";
import type { PlotFrame } from "../plot/plotDisplay";
import type { StreamPlot } from "../plot/plotRun";
import { rangeAround, rangeOf } from "../plot/range";
import { pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { decimate, type Points, Series } from "../view/series";
import { type StreamField, valueIn } from "../view/streamFields";
import { errorsOf, FitData, type FitErrors } from "./fitData";
import type { FitModel } from "./fitModel";
import { type FitLimits, type FitOutcome, type FitResult, fitShape, variablesAt } from "./fitShape";

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
const CURVE_POINTS = 300;
/** A parameter that is smaller than this part of the data counts as 0, from which rounding made it differ. */
const NEGLIGIBLE = 1e-10;

/** What is fitted against what, and the name of the run. */
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

  /** What is fitted against what: `det over motor`. */
  get title(): string {
    return `${this.#axes.y.key} over ${this.#axes.x.map(({ key }) => key).join(" and ")}`;
  }

  /** The parameters with their values and units; none without a result. */
  values(): (readonly [name: string, value: string])[] {
    const { result } = this.outcome;
    if (!result) return [];
    const [x] = this.#axes.x;
    const { x: xs, y: ys } = this.#series.points();
    const length = this.#series.points().length;
    const [sizeX, sizeY] = [xs, ys].map((column) => sizeOf(column.subarray(0, length)));
    const domain = this.#domain();
    const named = this.#model.parameters.map((name) => {
      const isDistance = this.#model.xParameters.includes(name);
      const units = isDistance ? x.units : this.#model.yParameters?.includes(name) ? this.#axes.y.units : undefined;
      const negligible = Math.abs(result.values[name]) < NEGLIGIBLE * ((isDistance ? sizeX : sizeY) ?? 0);
      const value = negligible ? 0 : result.values[name];
      return [name, quantityText(value, result.uncertainties[name], units, sizeOf(ys.subarray(0, length)))] as const;
    });
    const derived = Object.entries(result.derived).map(
      ([name, value]) => [name, `${placeText(value, domain)}${x.units ? ` ${x.units}` : ""}`] as const,
    );
    return [...named, ...derived];
  }

  handler(): EventHandler {
    const { x, y } = this.#axes;
    const fields = [...x, y];
    const [first] = x;
    return ({ seq_num, data }) => {
      this.#series.put(seq_num - 1, valueIn(first, data) as number, valueIn(y, data) as number);
      this.#data.put(
        seq_num - 1,
        fields.map((field) => valueIn(field, data)),
      );
      this.#outcome = undefined;
    };
  }

  frame(final: boolean): PlotFrame {
    const { x, y, label } = this.#axes;
    const domain = this.#domain();
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

  #domain(): readonly [number, number] {
    const { x, length } = this.#series.points();
    const [low, high] = rangeOf([x.subarray(0, length)]);
    return low === high ? rangeAround(low) : [low, high];
  }

  /** The fitted shape as a line; with several independent variables its values at the points. */
  #curve([low, high]: readonly [number, number], result: FitResult<P>): Points {
    const shape = this.#model.shape(this.#model.parameters.map((name) => result.values[name]));
    if (this.#axes.x.length > 1) {
      const points = this.#data.points();
      const y = points.y.map((_, i) => shape(...variablesAt(points, i)));
      return decimate({ x: points.x[0] as Float64Array, y, length: y.length }, CURVE_POINTS / 2);
    }
    const x = Float64Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
    return { x, y: x.map((at) => shape(at)), length: CURVE_POINTS };
  }

  #words(): string {
    return this.values()
      .map(([name, value]) => `${name} ${value}`)
      .join(" · ");
  }
}

/** A value with its uncertainty, unless that is rounding only. */
export function quantityText(value: number, uncertainty: number, units: string | undefined, size: number): string {
  const exact = !(uncertainty > NEGLIGIBLE * Math.max(Math.abs(value), 1e-6 * size));
  const text = exact ? formatNumber(Number(value.toPrecision(5))) : formatUncertain(value, uncertainty);
  return units ? `${text} ${units}` : text;
}

/** The largest absolute value of a column. */
function sizeOf(column: Float64Array): number {
  const [low, high] = rangeOf([column]);
  return Math.max(Math.abs(low), Math.abs(high));
}
