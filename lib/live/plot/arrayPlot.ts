/** The plot of arrays: one-dimensional ones as rows of a map, others as the newest image. */

import { shapeOf } from "../../display/formatValue";
import { formatNumber, type NumberFormat, withUnits } from "../../display/number";
import type { EventHandler } from "../view/runRouter";
import { numeric, type StreamField } from "../view/streamFields";
import { arrayFrame, blockOf, MOST_ACROSS } from "./arrayFrame";
import { reduced } from "./gridPlot";
import { type CellAxis, cellAxis } from "./gridShape";
import { ImagePlot } from "./imagePlot";
import type { CellValues } from "./palettePng";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { rangeOf, withoutInfinities } from "./range";

/** How many numbers a pixel may have: its brightness, or red, green and blue, and how opaque it is. */
const COLOURS: readonly number[] = [1, 3, 4];
/** The part of a range below which a number is written as 0. */
const NEGLIGIBLE = 1e-9;

/** The arrays of one field of a run. */
export class ArrayPlot implements StreamPlot {
  readonly #field: StreamField;
  readonly #axis: StreamField | undefined;
  readonly #title: string;
  /** One row for each array, in the order of their points; a point that has no array leaves a hole. */
  #rows: Float64Array[] = [];
  #positions: number[] = [];
  /** Each row is the highest of this many arrays. */
  #merged = 1;
  readonly #image: ImagePlot;
  #count = 0;
  /** How many of the points so far have no array. */
  #without = 0;

  /**
   * @param axis the field along which the arrays are measured; undefined for their number
   * @param title the name of the run
   */
  constructor(field: StreamField, axis: StreamField | undefined, title: string) {
    this.#field = field;
    this.#axis = axis;
    this.#title = title;
    this.#image = new ImagePlot(field, title);
  }

  get count(): number {
    return this.#count;
  }

  handler(): EventHandler {
    return ({ seq_num, data }) => {
      const value = data[this.#field.key];
      const [rows = 0, columns, colours = 1, more] = shapeOf(value);
      if (rows === 0 || more !== undefined || !COLOURS.includes(colours) || !hasNumbers(value)) return;
      if (columns === undefined) {
        this.#addRow(seq_num, withoutInfinities(flatNumbers(value)), data[this.#axis?.key ?? ""]);
      } else {
        const image = imageOf(value as ArrayLike<unknown>, colours);
        this.#image.show(image, Math.max(this.#count, seq_num), colours > 1);
      }
      this.#without += Math.max(0, seq_num - this.#count - 1);
      this.#count = Math.max(this.#count, seq_num);
    };
  }

  frame(final: boolean): PlotFrame {
    return this.#image.count > 0 ? this.#image.frame(final) : this.#waterfall(final);
  }

  #addRow(seqNum: number, values: Float64Array, position: unknown): void {
    const row = Math.floor((seqNum - 1) / this.#merged);
    const before = (seqNum - 1) % this.#merged > 0 ? this.#rows[row] : undefined;
    this.#rows[row] = before ? highestOfBoth(before, values) : values;
    if (!before) this.#positions[row] = typeof position === "number" ? position : seqNum;
    if (this.#rows.length <= MOST_ACROSS) return;
    const pairs = Array.from({ length: Math.ceil(this.#rows.length / 2) }, (_, i) => 2 * i);
    this.#positions = pairs.map((i) => this.#positions[i] as number);
    this.#rows = pairs.map((i) => {
      const [first = new Float64Array(0), second = new Float64Array(0)] = [this.#rows[i], this.#rows[i + 1]];
      return highestOfBoth(first, second);
    });
    this.#merged *= 2;
  }

  #waterfall(final: boolean): PlotFrame {
    const { key, units } = this.#field;
    const columns = this.#rows.reduce((most, row) => Math.max(most, row.length), 1);
    const values = new Float64Array(Math.max(1, this.#rows.length) * columns).fill(Number.NaN);
    this.#rows.forEach((row, i) => void values.set(row, i * columns));
    const rows = Math.max(1, this.#rows.length);
    const rowAxis = this.#evenAxis(rows);
    const last = this.#rows.at(-1) ?? new Float64Array(0);
    const [low, high] = rangeOf([last]);
    const number = numberWithin(this.#field, [low, high]);
    const limits = last.some(Number.isFinite)
      ? `${withUnits(number(low), units)} to ${withUnits(number(high), units)}`
      : "no number";
    const said = `last of ${this.#count - this.#without} arrays: ${limits}`;
    const merged = this.#merged > 1 ? ` · each row is the highest of ${this.#merged}` : "";
    const named = { field: this.#field, title: this.#title };
    return arrayFrame(named, { values, rows, columns }, final, {
      up: rowAxis.axis,
      y: rowAxis.named
        ? { title: this.#axis?.key ?? "", units: this.#axis?.units }
        : { title: "point", units: undefined },
      x: { title: `${key} [sample]`, units: undefined },
      range: rangeOf([values]),
      trace: {
        values: reduced({ values: last, rows: 1, columns }, blockOf({ rows, columns })).values,
        quantity: { title: key, units },
      },
      said: this.#count === 0 ? "waiting for the first array" : said + merged,
    });
  }

  /** The positions of the rows if they are evenly spaced, else the numbers of the arrays. */
  #evenAxis(rows: number): { readonly axis: CellAxis; readonly named: boolean } {
    const known = [...this.#positions.entries()].filter(([row]) => row in this.#positions);
    const [[begin, first], [end, last]] = [known[0] ?? [0, 0], known.at(-1) ?? [0, 0]];
    const step = end > begin ? (last - first) / (end - begin) : 0;
    const at = (row: number): number => first + (row - begin) * step;
    const even =
      this.#axis !== undefined &&
      step !== 0 &&
      known.every(([row, value]) => Math.abs(value - at(row)) < 0.05 * Math.abs(step));
    if (even) return { axis: cellAxis([at(0), at(rows - 1)], rows), named: true };
    return { axis: cellAxis([1, 1 + (rows - 1) * this.#merged], rows), named: false };
  }
}

/** The higher value of two rows at each place; rows may differ in length, and values may be missing. */
function highestOfBoth(one: Float64Array, other: Float64Array): Float64Array {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one];
  return long.map((value, i) => {
    const second = short[i] ?? Number.NaN;
    return second > value || Number.isNaN(value) ? second : value;
  });
}

/** How the ends of a range are written: an end that is nothing beside the other one is 0, not `7.1e-203`. */
const numberWithin =
  ({ format = formatNumber }: StreamField, [low, high]: readonly [number, number]): NumberFormat =>
  (value) =>
    format(Math.abs(value) < NEGLIGIBLE * (high - low) ? 0 : value);

/** Whether the first element of a nested array is a number, and no text. */
function hasNumbers(value: unknown): boolean {
  if (isList(value)) return hasNumbers(value[0]);
  return typeof value === "number" || typeof value === "bigint" || value === null;
}

/** All elements of a nested array, in their order; those that are not numbers are NaN. */
function flatNumbers(value: unknown): Float64Array {
  if (ArrayBuffer.isView(value)) return Float64Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  const numbers: number[] = [];
  const add = (items: ArrayLike<unknown>): void => {
    for (let i = 0; i < items.length; i++) {
      const item = items[i];
      if (isList(item)) add(item);
      else numbers.push(numeric(item));
    }
  };
  if (isList(value)) add(value);
  return Float64Array.from(numbers);
}

const isList = (value: unknown): value is ArrayLike<unknown> => Array.isArray(value) || ArrayBuffer.isView(value);

/** The pixels of an image. Those that a short row lacks are missing. */
function imageOf(rows: ArrayLike<unknown>, colours: number): CellValues {
  const lines = Array.from(rows, (row) => withoutInfinities(brightness(flatNumbers(row), colours)));
  const columns = lines.reduce((most, { length }) => Math.max(most, length), 0);
  const values = new Float64Array(lines.length * columns).fill(Number.NaN);
  lines.forEach((line, i) => void values.set(line, i * columns));
  return { values, rows: lines.length, columns };
}

/** The mean of red, green and blue of each pixel; numbers without colours as they are. */
function brightness(numbers: Float64Array, colours: number): Float64Array {
  if (colours === 1) return numbers;
  const at = (i: number): number => numbers[i] ?? Number.NaN;
  return Float64Array.from({ length: Math.floor(numbers.length / colours) }, (_, pixel) => {
    const first = pixel * colours;
    return (at(first) + at(first + 1) + at(first + 2)) / 3;
  });
}
