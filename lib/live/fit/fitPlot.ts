/** The plot of a line and the shape that is fitted to it. */

import { formatQuantity } from "../../display/number";
import { lineSpec } from "../plot/lineSpec";
import type { PlotFrame } from "../plot/plotDisplay";
import type { StreamPlot } from "../plot/plotRun";
import { rangeAround, rangeOf } from "../plot/range";
import { pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { decimate, type Points, Series } from "../view/series";
import type { StreamField } from "../view/streamFields";
import type { FitModel } from "./fitModels";
import { type FitResult, fitShape, loadFitter } from "./fitShape";

/** Options of `LiveFit`, the last argument. */
export interface LiveFitOptions<P extends string> {
  /** Values to start from; default: a guess from the data. */
  readonly initial?: Readonly<Partial<Record<P, number>>>;
  /** The stream to fit; default "primary". */
  readonly streamName?: string;
}

/** The largest number of points that are fitted; of more, the outline is fitted. */
const MOST_FITTED = 1000;
const CURVE_POINTS = 300;
/** A parameter that is smaller than this part of the data counts as 0, from which rounding made it differ. */
const NEGLIGIBLE = 1e-10;

/** What is fitted against what, and the name of the run. */
interface FitAxes {
  readonly x: StreamField;
  readonly y: StreamField;
  readonly label: string;
}

/** The points of one run and the shape that is fitted to them. */
export class FitPlot<P extends string> implements StreamPlot {
  readonly ready = loadFitter();
  readonly #model: FitModel<P>;
  readonly #axes: FitAxes;
  readonly #initial: LiveFitOptions<P>["initial"];
  readonly #series = new Series();
  #result: FitResult<P> | undefined;

  constructor(model: FitModel<P>, axes: FitAxes, initial: LiveFitOptions<P>["initial"]) {
    this.#model = model;
    this.#axes = axes;
    this.#initial = initial;
  }

  get count(): number {
    return this.#series.count;
  }

  /** The newest fit that succeeded. */
  get result(): FitResult<P> | undefined {
    return this.#result;
  }

  /** What is fitted against what: `det over motor`. */
  get title(): string {
    return `${this.#axes.y.key} over ${this.#axes.x.key}`;
  }

  /** The parameters with their values and units; none without a result. */
  values(): (readonly [name: string, value: string])[] {
    const values = this.#result?.values;
    if (!values) return [];
    const { x } = this.#axes;
    const data = this.#series.points();
    const [sizeX, sizeY] = [data.x, data.y].map((column) => sizeOf(column.subarray(0, data.length)));
    return this.#model.parameters.map((name) => {
      const along = this.#model.along.includes(name);
      const negligible = Math.abs(values[name]) < NEGLIGIBLE * ((along ? sizeX : sizeY) ?? 0);
      return [name, formatQuantity(negligible ? 0 : Number(values[name].toPrecision(5)), along ? x.units : undefined)];
    });
  }

  handler(): EventHandler {
    const { x, y } = this.#axes;
    return ({ seq_num, data }) => this.#series.put(seq_num - 1, data[x.key] as number, data[y.key] as number);
  }

  frame(final: boolean): PlotFrame {
    const { x, y, label } = this.#axes;
    const line = decimate(this.#series.points(), MOST_FITTED / 2);
    const [low, high] = rangeOf([line.x.subarray(0, line.length)]);
    const domain = low === high ? rangeAround(low) : ([low, high] as const);
    // A fit that fails, as at the start of a run, leaves the last one.
    this.#result = fitShape(this.#model, line, domain, this.#initial) ?? this.#result;
    const lines = [
      { label, points: line },
      ...(this.#result ? [{ label: this.#model.name, points: this.#curve(domain), curve: true }] : []),
    ];
    const words = this.#words();
    const spec = lineSpec({
      x: { title: x.key, units: x.units, domain },
      panels: [{ title: y.key, units: y.units, lines, peak: words ? { at: undefined, words } : undefined }],
    });
    const outcome = final ? ` through ${pointsText(this.count)}${words ? ` · ${words}` : ""}` : "";
    return { spec, words: `${y.key}: ${this.#model.name}${outcome}` };
  }

  /** The fitted shape as a line. */
  #curve([low, high]: readonly [number, number]): Points {
    const values = this.#result?.values;
    const shape = this.#model.shape(this.#model.parameters.map((name) => values?.[name] ?? 0));
    const x = Float64Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
    return { x, y: x.map(shape), length: CURVE_POINTS };
  }

  #words(): string {
    return this.values()
      .map(([name, value]) => `${name} ${value}`)
      .join(" · ");
  }
}

/** The largest absolute value of a column. */
function sizeOf(column: Float64Array): number {
  const [low, high] = rangeOf([column]);
  return Math.max(Math.abs(low), Math.abs(high));
}
