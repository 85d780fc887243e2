import type { levenbergMarquardt } from "ml-levenberg-marquardt";
import { $display, type MimeBundle } from "../../display/bundle";
import { definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { formatQuantity } from "../../display/number";
import type { RunStart } from "../../engine/documents/documents";
import { type Field, type FieldSource, fieldOf, isScalarNumber, keysOf } from "../consumer/fields";
import { points, runLabel } from "../consumer/runHeader";
import { type EventHandler, RunRouter, type RunView } from "../consumer/runRouter";
import { decimate, type Points, Series } from "../consumer/series";
import type { FitModel } from "../peaks/fitModels";
import { peakOf } from "../peaks/peakStats";
import { around, extent, lineSpec } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";
import { PlotRun, type StreamPlot } from "./plotRun";

/** Options of `LiveFit`, the last argument. */
export interface LiveFitOptions<P extends string> {
  /** Where to start, in place of a guess from the data. */
  readonly initial?: Readonly<Partial<Record<P, number>>>;
  /** Default `primary`. */
  readonly streamName?: string;
}

/** The fit to all points so far. */
export interface FitResult<P extends string = string> {
  /** By the name of the parameter, in the units of the data. */
  readonly values: Readonly<Record<P, number>>;
  /** Root mean square of what the shape leaves over, in the unit of y. */
  readonly rms: number;
  /** Points that were fitted. */
  readonly count: number;
}

/** Points a fit takes into account at most; of more, the outline is fitted. */
const MOST_FITTED = 1000;
const CURVE_POINTS = 300;
/** A parameter that is this small beside the data is what arithmetic leaves of 0. */
const NEGLIGIBLE = 1e-10;

type Fitter = typeof levenbergMarquardt;
let loading: Promise<Fitter> | undefined;
let fitter: Fitter | undefined;

/** The package is an ES module, and only few need it. */
function loadFitter(): Promise<Fitter> {
  loading ??= import("ml-levenberg-marquardt").then((module) => {
    fitter = module.levenbergMarquardt;
    return fitter;
  });
  return loading;
}

/**
 * Fits a shape to one field over another while the run goes on, and draws both:
 * `RE.subscribe(new LiveFit(fitModels.gaussian, "det", motor))`. Least squares by Levenberg and Marquardt.
 */
export class LiveFit<P extends string> extends RunRouter {
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

  /** Of the newest run, as of its last frame; `undefined` while there are too few points. */
  get result(): FitResult<P> | undefined {
    return this.#plot?.result;
  }

  override [$display](): MimeBundle {
    const { result } = this;
    if (!this.#plot || !result) return super[$display]();
    const head = { title: `${this.model.name} fitted to ${this.#plot.title}`, facts: [points(result.count)] };
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

/** What is fitted over what, and the name of the run. */
interface FitAxes {
  readonly x: Field;
  readonly y: Field;
  readonly label: string;
}

/** The points of one run and the shape fitted to them. */
class FitPlot<P extends string> implements StreamPlot {
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

  get result(): FitResult<P> | undefined {
    return this.#result;
  }

  get title(): string {
    return `${this.#axes.y.key} over ${this.#axes.x.key}`;
  }

  /** The parameters with their units; none without a result. */
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
    const [low, high] = extent([line.x.subarray(0, line.length)]);
    const domain = low === high ? around(low) : ([low, high] as const);
    this.#result = this.#fit(line, domain);
    const lines = [
      { label, points: line },
      ...(this.#result ? [{ label: this.#model.name, points: this.#curve(domain), curve: true }] : []),
    ];
    const words = this.#words();
    const spec = lineSpec({
      x: { title: x.key, units: x.units, domain },
      panels: [{ title: y.key, units: y.units, lines, peak: words ? { at: undefined, words } : undefined }],
    });
    const told = final ? ` through ${points(this.count)}${words ? ` · ${words}` : ""}` : "";
    return { spec, words: `${y.key}: ${this.#model.name}${told}` };
  }

  #fit(line: Points, domain: readonly [number, number]): FitResult<P> | undefined {
    const data = finite(line);
    const peak = peakOf(line);
    if (!fitter || !peak || data.x.length < this.#model.parameters.length) return this.#result;
    const guess = this.#model.guess(peak, domain);
    const initialValues = this.#model.parameters.map((name, i) => this.#initial?.[name] ?? guess[i] ?? 0);
    const scale = Math.max(Math.abs(peak.max[1] - peak.min[1]), Number.MIN_VALUE);
    const steps = initialValues.map((value) => Math.abs(value) * 1e-6 || scale * 1e-6);
    try {
      const { parameterValues } = fitter(data, (values) => this.#model.shape(values), {
        initialValues,
        gradientDifference: steps,
        centralDifference: true,
        maxIterations: 200,
        errorTolerance: 0,
        improvementThreshold: 1e-9,
      });
      return parameterValues.every(Number.isFinite) ? this.#resultOf(parameterValues, data) : this.#result;
    } catch {
      // The data leave a parameter undetermined, as at the start of a run: what was known stays.
      return this.#result;
    }
  }

  #resultOf(values: readonly number[], data: { readonly x: number[]; readonly y: number[] }): FitResult<P> {
    const shape = this.#model.shape(values);
    const squares = data.x.reduce((sum, x, i) => sum + ((data.y[i] as number) - shape(x)) ** 2, 0);
    const entries = this.#model.parameters.map((name, i) => [name, positive(name, values[i] as number)] as const);
    return {
      values: Object.fromEntries(entries) as Record<P, number>,
      rms: Math.sqrt(squares / data.x.length),
      count: data.x.length,
    };
  }

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

function finite({ x, y, length }: Points): { x: number[]; y: number[] } {
  const kept = { x: [] as number[], y: [] as number[] };
  for (let i = 0; i < length; i++) {
    if (!Number.isFinite(x[i]) || !Number.isFinite(y[i])) continue;
    kept.x.push(x[i] as number);
    kept.y.push(y[i] as number);
  }
  return kept;
}

function sizeOf(column: Float64Array): number {
  const [low, high] = extent([column]);
  return Math.max(Math.abs(low), Math.abs(high));
}

/** Widths come squared in the shapes, so the fit may end at a negative one. */
const positive = (name: string, value: number): number =>
  name === "sigma" || name === "gamma" ? Math.abs(value) : value;
