import type { PlotSpec } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { type FieldSource, fieldOf, isScalarNumber, keysOf } from "../consumer/fields";
import { points } from "../consumer/runHeader";
import { type EventHandler, RunRouter, type RunView } from "../consumer/runRouter";
import { type ColorFields, colorSpec, colorWords, quantitiesOf } from "./colorSpec";
import type { PlotFrame } from "./plotDisplay";
import { PlotRun, type StreamPlot } from "./plotRun";

/** Points kept and sent to the front end at most. */
const MOST_POINTS = 2000;

/**
 * Shows one field as the colour of points at two others: `RE.subscribe(new LiveScatter(motorX, motorY, "det"))`. Of more than 2000 points, evenly
 * chosen ones are shown.
 */
export class LiveScatter extends RunRouter {
  readonly #keys: readonly (string | undefined)[];
  readonly #streamName: string;
  #newest: PlotRun<ScatterModel> | undefined;

  constructor(x: FieldSource, y: FieldSource, color: FieldSource, options: { readonly streamName?: string } = {}) {
    super();
    this.#keys = [x, y, color].map((source) => keysOf(source)[0]);
    this.#streamName = options.streamName ?? "primary";
  }

  /** The Vega-Lite specification of the newest run as it stands; `undefined` before there is something to plot. */
  get spec(): PlotSpec | undefined {
    return this.#newest?.spec;
  }

  protected override open(_start: RunStart): RunView {
    this.#newest = new PlotRun((descriptor) => {
      if (descriptor.name !== this.#streamName) return undefined;
      const [x, y, color] = this.#keys.map((key) => (key === undefined ? undefined : fieldOf(key, descriptor)));
      return x && y && color && isScalarNumber(color, descriptor) ? new ScatterModel({ x, y, color }) : undefined;
    });
    return this.#newest;
  }
}

/** The points of one run. */
export class ScatterModel implements StreamPlot {
  readonly #fields: ColorFields;
  #points: { x: number; y: number; v: number }[] = [];
  /** Every so many points one is kept. */
  #stride = 1;
  #count = 0;

  constructor(fields: ColorFields) {
    this.#fields = fields;
  }

  get count(): number {
    return this.#count;
  }

  handler(): EventHandler {
    const [x, y, color] = [this.#fields.x.key, this.#fields.y.key, this.#fields.color.key];
    return ({ seq_num, data }) => {
      if ((seq_num - 1) % this.#stride === 0)
        this.#put((seq_num - 1) / this.#stride, { x: data[x], y: data[y], v: data[color] });
      this.#count = Math.max(this.#count, seq_num);
    };
  }

  frame(final: boolean): PlotFrame {
    // Numbers that were none have left holes.
    const values = this.#points.filter(() => true);
    const plot = quantitiesOf(this.#fields);
    return {
      spec: colorSpec({ ...plot, values }),
      words: colorWords(plot, final ? { count: points(this.#count), values } : undefined),
    };
  }

  #put(index: number, point: { x: unknown; y: unknown; v: unknown }): void {
    const { x, y, v } = point;
    if (typeof x !== "number" || typeof y !== "number" || typeof v !== "number" || !Number.isFinite(x + y + v)) return;
    this.#points[index] = { x, y, v };
    if (this.#points.length <= MOST_POINTS) return;
    const kept: { x: number; y: number; v: number }[] = [];
    this.#points.forEach((each, i) => {
      if (i % 2 === 0) kept[i / 2] = each;
    });
    this.#points = kept;
    this.#stride *= 2;
  }
}
