/** Finds the peak in a line, and the view that follows the peak of a run. */

import { definitionList, definitionText } from "../../display/definitionList";
import { displayBundle } from "../../display/displayBundle";
import { header, headerText } from "../../display/header";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { formatQuantity } from "../../display/number";
import type { EventDescriptor, RunStart } from "../../engine/documents/documents";
import { checkedSources, type FieldSource, firstFieldOf, nameOfSource } from "../view/fieldSource";
import { pointsText } from "../view/runHeader";
import { type EventHandler, RunRouter, type RunView } from "../view/runRouter";
import { finitePoints, type Points, Series } from "../view/series";
import { numeric, type StreamField, valueIn } from "../view/streamFields";

/** The shape of a peak in the units of x and y, by bluesky's definitions. */
export interface Peak {
  /** Centre of mass: the numbers of the points weighted with y; the x at that number is interpolated. */
  readonly com: number;
  /** Mean of the crossings; undefined if y never crosses half height. */
  readonly cen: number | undefined;
  /** The lowest point. */
  readonly min: readonly [x: number, y: number];
  /** The highest point. */
  readonly max: readonly [x: number, y: number];
  /** Distance between the outermost crossings; undefined if there are fewer than two. */
  readonly fwhm: number | undefined;
  /** The x at which y crosses half height, which is the middle between its lowest and highest value. */
  readonly crossings: readonly number[];
  /**
   * Whether fewer than a quarter of the points lie in the middle half of the height, as at an edge; a ramp
   * has half of them there.
   */
  readonly steep: boolean;
}

/** The peak in a line, without the points that are not finite numbers; undefined if no points are left. */
export function peakOf(points: Points): Peak | undefined {
  const { x, y, length } = finitePoints(points);
  if (length === 0) return undefined;
  let low = 0;
  let high = 0;
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < length; i++) {
    const value = y[i] as number;
    if (value < (y[low] as number)) low = i;
    if (value > (y[high] as number)) high = i;
    sum += value;
    weighted += i * value;
  }
  const [bottom, top] = [y[low] as number, y[high] as number];
  const quarter = (top - bottom) / 4;
  // A point of a ramp at a quarter of the height counts, also where it was rounded.
  const outside = 0.999 * quarter;
  const midway = y.subarray(0, length).filter((value) => value > bottom + outside && value < top - outside).length;
  const crossings = crossingsOf({ x, y, length }, (bottom + top) / 2);
  const [first, last] = [crossings[0], crossings.at(-1)];
  return {
    com: interpolated(x, length, weighted / sum),
    cen: crossings.length > 0 ? crossings.reduce((a, b) => a + b) / crossings.length : undefined,
    min: [x[low] as number, y[low] as number],
    max: [x[high] as number, y[high] as number],
    fwhm: crossings.length > 1 && first !== undefined && last !== undefined ? Math.abs(last - first) : undefined,
    crossings,
    steep: midway < length / 4,
  };
}

/**
 * Follows one field against another, and knows the peak of the newest run at any time:
 * `RE.subscribe(new PeakStats("motor", "det"))`.
 */
export class PeakStats extends RunRouter {
  /** The data key of x. */
  readonly x: string;
  /** The data key of y. */
  readonly y: string;
  #series = new Series();
  #fields: { readonly x: StreamField; readonly y: StreamField } | undefined;

  readonly #sources: readonly FieldSource[];

  constructor(x: FieldSource, y: FieldSource) {
    super();
    this.#sources = checkedSources([x, y]);
    [this.x = "", this.y = ""] = this.#sources.map(nameOfSource);
  }

  /** The peak so far; undefined before the first point. */
  get stats(): Peak | undefined {
    return peakOf(this.#series.points());
  }

  /**
   * The peak of the slope of y so far, in the unit of y per unit of x: its centre is that of a knife edge,
   * and its width that of the beam. Undefined before the second point.
   */
  get derivative(): Peak | undefined {
    return peakOf(derivativeOf(this.#series.points()));
  }

  /** The centre of mass, as in `stats`. */
  get com(): number | undefined {
    return this.stats?.com;
  }

  /** The mean of the crossings, as in `stats`. */
  get cen(): number | undefined {
    return this.stats?.cen;
  }

  /** The full width at half maximum, as in `stats`. */
  get fwhm(): number | undefined {
    return this.stats?.fwhm;
  }

  /** The highest point, as in `stats`. */
  get max(): readonly [x: number, y: number] | undefined {
    return this.stats?.max;
  }

  /** The lowest point, as in `stats`. */
  get min(): readonly [x: number, y: number] | undefined {
    return this.stats?.min;
  }

  override [$display](): MimeBundle {
    const { stats } = this;
    if (!stats || !this.#fields) return super[$display]();
    const { x, y } = this.#fields;
    const place = (value: number | undefined): string =>
      value === undefined ? "" : formatQuantity(Number(value.toPrecision(5)), x.units);
    const height = ([at, value]: readonly [number, number]): string =>
      `${formatQuantity(Number(value.toPrecision(5)), y.units)} at ${place(at)}`;
    const list: (readonly [string, string])[] = [
      ["com", place(stats.com)],
      ["cen", place(stats.cen)],
      ["fwhm", place(stats.fwhm)],
      ["max", height(stats.max)],
      ["min", height(stats.min)],
    ];
    const known = list.filter(([, value]) => value !== "");
    const head = { title: `${y.key} over ${x.key}`, facts: [pointsText(this.#series.count)] };
    return displayBundle(`${headerText(head)}\n${definitionText(known)}`, header(head), definitionList(known));
  }

  protected override get fields(): readonly FieldSource[] {
    return this.#sources;
  }

  protected override open(_start: RunStart): RunView {
    const series = new Series();
    this.#series = series;
    return {
      descriptor: (doc: EventDescriptor): EventHandler | undefined => {
        const [x, y] = this.#sources.map((source) => firstFieldOf(source, doc));
        if (!x || !y) return undefined;
        this.#fields = { x, y };
        return ({ seq_num, data }) => series.put(seq_num - 1, numeric(valueIn(x, data)), numeric(valueIn(y, data)));
      },
      stop: () => {},
    };
  }
}

/**
 * The slope between neighbouring points, at the place halfway between them; points at the same place have
 * none. A falling line has a positive slope here as well, so that its edge is a peak.
 */
export function derivativeOf(points: Points): Points {
  const { x, y, length } = finitePoints(points);
  const out = { x: new Float64Array(length), y: new Float64Array(length), length: 0 };
  const sign = (y[length - 1] as number) < (y[0] as number) ? -1 : 1;
  const towards = (x[length - 1] as number) < (x[0] as number) ? -1 : 1;
  for (let i = 0; i + 1 < length; i++) {
    const step = (x[i + 1] as number) - (x[i] as number);
    if (step === 0) continue;
    out.x[out.length] = (x[i] as number) + step / 2;
    out.y[out.length] = (sign * towards * ((y[i + 1] as number) - (y[i] as number))) / step;
    out.length += 1;
  }
  return out;
}

/** The x at which a line crosses a height, by linear interpolation. */
export function crossingsOf({ x, y, length }: Points, middle: number): number[] {
  const crossings: number[] = [];
  for (let i = 0; i + 1 < length; i++) {
    const [y0, y1] = [y[i] as number, y[i + 1] as number];
    if (y0 > middle === y1 > middle) continue;
    const [x0, x1] = [x[i] as number, x[i + 1] as number];
    crossings.push(x0 + ((middle - y0) / (y1 - y0)) * (x1 - x0));
  }
  return crossings;
}

/** The value at an index that may lie between two values, by linear interpolation. */
function interpolated(values: Float64Array, length: number, index: number): number {
  if (!Number.isFinite(index)) return Number.NaN;
  const at = Math.min(Math.max(index, 0), length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, length - 1);
  const [low, high] = [values[below] as number, values[above] as number];
  return low + (at - below) * (high - low);
}
