/** The plot of a grid as coloured cells, every one of them. */

import { formatNumber, withUnits } from "../../display/number";
import { placeText } from "../../display/placeText";
import { noNumberText, pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { numeric, type StreamField, valueIn } from "../view/streamFields";
import { colorWords, type Highest, highestWords } from "./colorSpec";
import { type CellAxis, cellAxis, cellOf, cellsOf, type GridShape } from "./gridShape";
import { highestOf, type MapPicture, type MapSlider, mapSpec } from "./mapSpec";
import type { CellValues } from "./palettePng";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { type ColorFields, quantitiesOf } from "./quantities";
import { rangeOf } from "./range";

/** Rows and columns that are drawn at most; of more, the highest value of each block is drawn. */
const MOST_ACROSS = 512;
/** Maps side by side at most, over the slower axes of a grid. */
const MOST_MAPS = 12;
/** Positions of a slider at most. */
const MOST_CHOICES = 100;

/** The cells of one run. */
export class GridPlot implements StreamPlot {
  readonly #grid: GridShape;
  readonly #fields: ColorFields;
  readonly #title: string;
  readonly #slower: readonly (StreamField | undefined)[];
  readonly #values: Float64Array;
  #whole = true;
  #count = 0;
  #newest: number | undefined;

  /**
   * @param title the name of the run, above the plot
   * @param slower the fields of the axes before the last two, for the titles of maps side by side
   */
  constructor(grid: GridShape, fields: ColorFields, title: string, slower: readonly (StreamField | undefined)[] = []) {
    this.#title = title;
    this.#grid = grid;
    this.#fields = fields;
    this.#slower = slower;
    this.#values = new Float64Array(cellsOf(grid.shape)).fill(Number.NaN);
  }

  get count(): number {
    return this.#count;
  }

  handler(): EventHandler {
    const { color } = this.#fields;
    return ({ seq_num, data }) => {
      const given = valueIn(color, data);
      if (seq_num > this.#values.length || (typeof given !== "number" && typeof given !== "bigint")) return;
      const value = numeric(given);
      const cell = cellOf(this.#grid, seq_num - 1);
      this.#values[cell] = Number.isFinite(value) ? value : Number.NaN;
      if (Number.isFinite(value) && !Number.isSafeInteger(value)) this.#whole = false;
      this.#newest = cell;
      this.#count = Math.max(this.#count, seq_num);
    };
  }

  frame(final: boolean): PlotFrame {
    const quantities = quantitiesOf(this.#fields);
    const [slow, fast] = this.#axes();
    const block = Math.ceil(Math.max(slow.count, fast.count) / MOST_ACROSS);
    const range = rangeOf([this.#values]);
    const slider = final ? this.#slider(block) : undefined;
    const maps = slider?.choices[slider.first]?.maps ?? this.#maps(final, block);
    const highest = this.#highest();
    const all = cellsOf(this.#grid.shape.slice(0, -2));
    const notes = [
      block > 1 ? `every ${block} × ${block} cells: the highest` : "",
      !slider && maps.length < all ? `${maps.length} of ${all} maps drawn` : "",
    ].filter(Boolean);
    const said = highest && highestWords(quantities, highest.max) + highest.slice;
    const subtitle = [said ?? noNumberText(this.#count), ...notes].join(" · ");
    const count = `${this.#count} of ${pointsText(cellsOf(this.#grid.shape))}`;
    const words = final && highest ? `${colorWords(quantities)}, ${count} · ${subtitle}` : colorWords(quantities);
    const data = {
      ...quantities,
      maps,
      slider,
      range,
      across: blocks(fast, block),
      up: blocks(slow, block),
      whole: this.#whole,
      heading: { text: this.#title, subtitle },
    };
    const picture = mapSpec({ ...data, tooltips: false });
    return {
      spec: final ? mapSpec({ ...data, tooltips: true, zoom: true }) : picture,
      picture,
      run: this.#title,
      words,
    };
  }

  #axes(): [slow: CellAxis, fast: CellAxis] {
    const { shape, extents } = this.#grid;
    const axis = (i: number): CellAxis => cellAxis(extents.at(i) as [number, number], shape.at(i) as number);
    return [axis(-2), axis(-1)];
  }

  /**
   * A slider over the slowest axis of a grid whose maps do not all fit; undefined if they do, and if the maps
   * of one position would be too many.
   */
  #slider(block: number): MapSlider | undefined {
    const { shape, extents } = this.#grid;
    const [slowest = 1, ...between] = shape.slice(0, -2);
    const each = cellsOf(between);
    if (shape.length < 3 || slowest * each <= MOST_MAPS || each > MOST_MAPS || slowest > MOST_CHOICES) return undefined;
    const { first, step } = cellAxis(extents[0] as [number, number], slowest);
    const field = this.#slower[0];
    const choices = Array.from({ length: slowest }, (_, i) => {
      const position = withUnits(placeText(first + i * step, extents[0] as [number, number]), field?.units);
      const maps = Array.from({ length: each }, (_, k) => ({
        ...this.#cellsOf(i * each + k, block),
        title: each > 1 ? this.#titleOf(i * each + k, 1) : undefined,
      }));
      return { title: `${field?.key ?? "axis 1"} = ${position}`, maps };
    });
    const cell = highestOf(this.#values);
    const cells = cellsOf(shape.slice(1));
    return { title: field?.key ?? "axis 1", choices, first: Math.max(0, Math.floor(cell / cells)) };
  }

  #cellsOf(slice: number, block: number): CellValues {
    const [rows, columns] = this.#grid.shape.slice(-2) as [number, number];
    const from = slice * rows * columns;
    return reduced({ values: this.#values.subarray(from, from + rows * columns), rows, columns }, block);
  }

  /** One map for each position of the slower axes; of more than fit, the first, the last and some between. */
  #maps(final: boolean, block: number): MapPicture[] {
    const { shape } = this.#grid;
    const [rows, columns] = shape.slice(-2) as [number, number];
    const all = cellsOf(shape.slice(0, -2));
    const shown = Math.min(all, MOST_MAPS);
    const slices = Array.from({ length: shown }, (_, i) => (shown > 1 ? Math.round((i * (all - 1)) / (shown - 1)) : 0));
    return slices.map((slice) => {
      const newest = (this.#newest ?? -1) - slice * rows * columns;
      const marked = !final && block === 1 && newest >= 0 && newest < rows * columns ? newest : undefined;
      return { ...this.#cellsOf(slice, block), newest: marked, title: all > 1 ? this.#titleOf(slice) : undefined };
    });
  }

  /** The position of a map on the slower axes. @param from the first of them that is named */
  #titleOf(slice: number, from = 0): string {
    const { shape, extents } = this.#grid;
    let rest = slice;
    const parts: string[] = [];
    for (let i = shape.length - 3; i >= 0; i--) {
      const { first, step, count } = cellAxis(extents[i] as [number, number], shape[i] as number);
      const field = this.#slower[i];
      const position = placeText(first + (rest % count) * step, extents[i] as [number, number]);
      if (i >= from) parts.unshift(`${field?.key ?? `axis ${i + 1}`} = ${withUnits(position, field?.units)}`);
      rest = Math.floor(rest / count);
    }
    return parts.join(", ");
  }

  /** The highest value with its place in words; undefined before the first. */
  #highest(): { readonly max: Highest; readonly slice: string } | undefined {
    const cell = highestOf(this.#values);
    if (cell < 0) return undefined;
    const { x, y, color } = this.#fields;
    const [slow, fast] = this.#axes();
    const [across, up] = [cell % fast.count, Math.floor(cell / fast.count) % slow.count];
    const max = {
      value: withUnits((color.format ?? formatNumber)(this.#values[cell] as number), color.units),
      x: withUnits(placeText(fast.first + across * fast.step, fast.domain), x.units),
      y: withUnits(placeText(slow.first + up * slow.step, slow.domain), y.units),
    };
    const inner = fast.count * slow.count;
    return { max, slice: inner < this.#values.length ? `, ${this.#titleOf(Math.floor(cell / inner))}` : "" };
  }
}

/** The highest value of each block of cells. */
export function reduced(
  cells: { readonly values: Float64Array; readonly rows: number; readonly columns: number },
  block: number,
): { readonly values: Float64Array; readonly rows: number; readonly columns: number } {
  if (block === 1) return cells;
  const [rows, columns] = [Math.ceil(cells.rows / block), Math.ceil(cells.columns / block)];
  const values = new Float64Array(rows * columns).fill(Number.NaN);
  for (let i = 0; i < cells.values.length; i++) {
    const at = Math.floor(i / cells.columns / block) * columns + Math.floor((i % cells.columns) / block);
    const value = cells.values[i] as number;
    if (!(value <= (values[at] as number)) && !Number.isNaN(value)) values[at] = value;
  }
  return { values, rows, columns };
}

/** The axis of blocks of cells. */
export function blocks(axis: CellAxis, block: number): CellAxis {
  if (block === 1) return axis;
  const count = Math.ceil(axis.count / block);
  const step = axis.step * block;
  const begin = axis.first - axis.step / 2;
  const end = begin + count * step;
  return { first: begin + step / 2, step, count, domain: begin < end ? [begin, end] : [end, begin] };
}
