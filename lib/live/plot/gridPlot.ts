/** The plot of a grid as coloured cells. */

import type { RunStart } from "../../engine/documents/documents";
import { pointsText } from "../view/runHeader";
import type { EventHandler } from "../view/runRouter";
import { type ColorFields, colorSpec, colorWords, quantitiesOf } from "./colorSpec";
import type { PlotFrame } from "./plotDisplay";
import type { StreamPlot } from "./plotRun";
import { rangeAround } from "./range";

/** The largest number of cells that are sent to the front end. */
const MOST_CELLS = 2000;

/**
 * A grid in the order in which a plan visits it; the slow axis comes
 * first, as in the start document of `gridScan`.
 */
export interface GridShape {
  /** The numbers of points along the slow and the fast axis. */
  readonly shape: readonly [rows: number, columns: number];
  /** The first and last position of the slow and the fast axis. */
  readonly extents: readonly [readonly [number, number], readonly [number, number]];
  /** Whether every second row is visited backwards. */
  readonly snaking: boolean;
}

/** The grid in a start document; undefined if there is none, or not of two dimensions. */
export function gridOf(start: RunStart): GridShape | undefined {
  const { shape, extents, snaking } = start;
  if (!isPair(shape) || !isCount(shape[0]) || !isCount(shape[1])) return undefined;
  if (!isPair(extents) || !isRange(extents[0]) || !isRange(extents[1])) return undefined;
  return {
    shape: [shape[0], shape[1]],
    extents: [extents[0], extents[1]],
    snaking: Array.isArray(snaking) && snaking[1] === true,
  };
}

/** The cells of one run. If there are too many, neighbours are merged into blocks. */
export class GridPlot implements StreamPlot {
  readonly #grid: GridShape;
  readonly #fields: ColorFields;
  /** The number of cells of a block along each axis. */
  readonly #block: number;
  readonly #columns: number;
  readonly #sums: Float64Array;
  readonly #counts: Uint32Array;
  #count = 0;

  constructor(grid: GridShape, fields: ColorFields) {
    const [rows, columns] = grid.shape;
    let block = Math.max(1, Math.floor(Math.sqrt((rows * columns) / MOST_CELLS)));
    while (Math.ceil(rows / block) * Math.ceil(columns / block) > MOST_CELLS) block += 1;
    this.#grid = grid;
    this.#fields = fields;
    this.#block = block;
    this.#columns = Math.ceil(columns / block);
    this.#sums = new Float64Array(Math.ceil(rows / block) * this.#columns);
    this.#counts = new Uint32Array(this.#sums.length);
  }

  get count(): number {
    return this.#count;
  }

  handler(): EventHandler {
    const { key } = this.#fields.color;
    const [rows, columns] = this.#grid.shape;
    return ({ seq_num, data }) => {
      const row = Math.floor((seq_num - 1) / columns);
      const value = data[key];
      if (row >= rows || typeof value !== "number" || Number.isNaN(value)) return;
      const along = (seq_num - 1) % columns;
      const column = this.#grid.snaking && row % 2 === 1 ? columns - 1 - along : along;
      const cell = Math.floor(row / this.#block) * this.#columns + Math.floor(column / this.#block);
      const repeated = this.#block === 1 || this.#counts[cell] === 0;
      this.#sums[cell] = repeated ? value : (this.#sums[cell] as number) + value;
      this.#counts[cell] = repeated ? 1 : (this.#counts[cell] as number) + 1;
      this.#count = Math.max(this.#count, seq_num);
    };
  }

  frame(final: boolean): PlotFrame {
    const [rows, columns] = this.#grid.shape;
    const [slow, fast] = this.#grid.extents;
    const across = edges(fast, columns);
    const up = edges(slow, rows);
    const values: { x: number; y: number; v: number }[] = [];
    for (let cell = 0; cell < this.#sums.length; cell++) {
      const count = this.#counts[cell] as number;
      if (count === 0) continue;
      const column = (cell % this.#columns) * this.#block;
      const row = Math.floor(cell / this.#columns) * this.#block;
      values.push({
        x: across.first + column * across.step,
        y: up.first + row * up.step,
        v: (this.#sums[cell] as number) / count,
      });
    }
    const plot = quantitiesOf(this.#fields);
    const spec = colorSpec({
      ...plot,
      values,
      cell: { width: across.step * this.#block, height: up.step * this.#block },
      xDomain: across.domain,
      yDomain: up.domain,
    });
    const count = `${this.#count} of ${pointsText(rows * columns)}`;
    return { spec, words: colorWords(plot, final ? { count, values } : undefined) };
  }
}

/** The first edge, width and range of `count` cells whose middles go from first to last. */
function edges(
  [first, last]: readonly [number, number],
  count: number,
): { first: number; step: number; domain: [number, number] } {
  const step = count > 1 ? (last - first) / (count - 1) : rangeAround(first)[1] - first;
  const begin = first - step / 2;
  const end = begin + count * step;
  return { first: begin, step, domain: begin < end ? [begin, end] : [end, begin] };
}

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isRange = (value: unknown): value is readonly [number, number] =>
  isPair(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);
