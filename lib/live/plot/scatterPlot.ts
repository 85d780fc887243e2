/** The plot of scattered points in colours. */

import { formatNumber, withUnits } from "../../display/number";
import { placeText } from "../../display/placeText";
import { noNumberText, pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { numeric, valueIn } from "../view/streamFields";
import { type ColorPoint, colorWords, type Highest, highestWords, scatterSpec } from "./colorSpec";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { type ColorFields, quantitiesOf } from "./quantities";

/**
 * The largest number of points that are kept and sent to the front end, besides the lowest and the highest.
 */
const MOST_POINTS = 2000;

/** The points of one run. */
export class ScatterPlot implements StreamPlot {
  readonly #fields: ColorFields;
  readonly #title: string;
  #points: ColorPoint[] = [];
  /** One of this many points is kept. */
  #stride = 1;
  #count = 0;
  #whole = true;
  #lowest: ColorPoint | undefined;
  #highest: ColorPoint | undefined;
  readonly #x = new Extent();
  readonly #y = new Extent();

  /** @param title the name of the run, above the plot */
  constructor(fields: ColorFields, title: string) {
    this.#title = title;
    this.#fields = fields;
  }

  get count(): number {
    return this.#count;
  }

  handler(): EventHandler {
    const { x, y, color } = this.#fields;
    return ({ seq_num, data }) => {
      const point = { x: numeric(valueIn(x, data)), y: numeric(valueIn(y, data)), v: numeric(valueIn(color, data)) };
      const at = (seq_num - 1) / this.#stride;
      const replaced = seq_num <= this.#count ? this.#points[at] : undefined;
      if (isPoint(point)) {
        this.#see(point);
        if (Number.isInteger(at)) this.#put(at, point);
      } else if (replaced) delete this.#points[at];
      if (replaced) this.#forget(replaced);
      this.#count = Math.max(this.#count, seq_num);
    };
  }

  frame(final: boolean): PlotFrame {
    // Points that are not finite numbers have left holes in the list, which `filter` passes over.
    const points = this.#points.filter(() => true);
    for (const extreme of [this.#lowest, this.#highest]) if (extreme && !points.includes(extreme)) points.push(extreme);
    const quantities = quantitiesOf(this.#fields);
    const max = this.#highestWords();
    const color = [this.#lowest?.v ?? 0, this.#highest?.v ?? 0] as const;
    const spec = scatterSpec({
      ...quantities,
      points,
      ranges: { x: this.#x.range, y: this.#y.range, color },
      highest: this.#highest,
      whole: this.#whole,
      zoom: final,
      heading: { text: this.#title, subtitle: max ? highestWords(quantities, max) : noNumberText(this.#count) },
    });
    const measured = final && max ? { count: pointsText(this.#count), max } : undefined;
    return { spec, run: this.#title, words: colorWords(quantities, measured) };
  }

  #highestWords(): Highest | undefined {
    const highest = this.#highest;
    if (!highest) return undefined;
    const { x, y, color } = this.#fields;
    return {
      value: withUnits((color.format ?? formatNumber)(highest.v), color.units),
      x: withUnits(placeText(highest.x, this.#x.range), x.units),
      y: withUnits(placeText(highest.y, this.#y.range), y.units),
    };
  }

  #see(point: ColorPoint): void {
    if (!this.#lowest || point.v < this.#lowest.v) this.#lowest = point;
    if (!this.#highest || point.v > this.#highest.v) this.#highest = point;
    if (!Number.isSafeInteger(point.v)) this.#whole = false;
    this.#x.add(point.x);
    this.#y.add(point.y);
  }

  /** A point that was measured again is no longer the lowest or the highest one. */
  #forget(replaced: ColorPoint): void {
    if (replaced !== this.#lowest && replaced !== this.#highest) return;
    this.#lowest = undefined;
    this.#highest = undefined;
    this.#points.forEach((point) => void this.#see(point));
  }

  #put(index: number, point: ColorPoint): void {
    this.#points[index] = point;
    if (this.#points.length <= MOST_POINTS) return;
    const kept: ColorPoint[] = [];
    this.#points.forEach((each, i) => {
      if (i % 2 === 0) kept[i / 2] = each;
    });
    this.#points = kept;
    this.#stride *= 2;
  }
}

/** The lowest and highest of some numbers. */
class Extent {
  #low = Number.POSITIVE_INFINITY;
  #high = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    if (value < this.#low) this.#low = value;
    if (value > this.#high) this.#high = value;
  }

  get range(): readonly [number, number] {
    return this.#low <= this.#high ? [this.#low, this.#high] : [0, 0];
  }
}

function isPoint(point: ColorPoint): boolean {
  return [point.x, point.y, point.v].every((value) => Number.isFinite(value));
}
