/** The plot of scattered points in colours. */

import { pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { type ColorFields, colorSpec, colorWords, quantitiesOf } from "./colorSpec";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";

/** The largest number of points that are kept and sent to the front end. */
const MOST_POINTS = 2000;

/** The points of one run. */
export class ScatterPlot implements StreamPlot {
  readonly #fields: ColorFields;
  #points: { x: number; y: number; v: number }[] = [];
  /** One of this many points is kept. */
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
      if ((seq_num - 1) % this.#stride === 0) {
        this.#put((seq_num - 1) / this.#stride, { x: data[x], y: data[y], v: data[color] });
      }
      this.#count = Math.max(this.#count, seq_num);
    };
  }

  frame(final: boolean): PlotFrame {
    // Points that are not finite numbers have left holes in the list, which `filter` passes over.
    const values = this.#points.filter(() => true);
    const plot = quantitiesOf(this.#fields);
    return {
      spec: colorSpec({ ...plot, values }),
      words: colorWords(plot, final ? { count: pointsText(this.#count), values } : undefined),
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
