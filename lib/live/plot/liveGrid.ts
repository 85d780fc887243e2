import type { PlotSpec } from "../../display/plotTheme";
import type { RunStart } from "../../engine/documents/documents";
import { UsageError } from "../../errors";
import { dimensionsOf, type FieldSource, fieldOf, isScalarNumber, keysOf } from "../consumer/fields";
import { points } from "../consumer/runHeader";
import { type EventHandler, RunRouter, type RunView } from "../consumer/runRouter";
import { type ColorFields, colorSpec, colorWords, quantitiesOf } from "./colorSpec";
import { around } from "./lineSpec";
import type { PlotFrame } from "./plotDisplay";
import { PlotRun, type StreamPlot } from "./plotRun";

/** Cells sent to the front end at most. */
const MOST_CELLS = 2000;

/** A grid as a plan visits it: slow axis first, as in the start document of `gridScan`. */
export interface GridShape {
  readonly shape: readonly [rows: number, columns: number];
  /** First and last position of the slow and the fast axis. */
  readonly extents: readonly [readonly [number, number], readonly [number, number]];
  /** Whether every second row is visited backwards. */
  readonly snaking: boolean;
}

/**
 * Shows one field of a grid scan as an image that fills up: `RE.subscribe(new LiveGrid("det"))`. The grid is that of the start
 * document, and so are the axes unless they are given, as `{ x: motorX, y: motorY }`; runs without a grid are left out. More than 2000
 * cells are shown by their means over blocks.
 */
export class LiveGrid extends RunRouter {
  readonly #field: string | undefined;
  /** x and y; null: those of the run. */
  readonly #axes: readonly (string | undefined)[] | null;
  readonly #streamName: string;
  #newest: PlotRun<GridModel> | undefined;

  constructor(
    field: FieldSource,
    axes: { readonly x: FieldSource; readonly y: FieldSource } | null = null,
    options: { readonly streamName?: string } = {},
  ) {
    super();
    if (Array.isArray(field))
      throw new UsageError('LiveGrid takes the shape of the grid from the run: new LiveGrid("det") is enough');
    this.#field = keysOf(field)[0];
    if (typeof axes !== "object")
      throw new UsageError("LiveGrid: the axes are an object of two fields, like { x: motorX, y: motorY }");
    this.#axes = axes && [keysOf(axes.x)[0], keysOf(axes.y)[0]];
    this.#streamName = options.streamName ?? "primary";
  }

  /** The Vega-Lite specification of the newest run as it stands; `undefined` before there is something to plot. */
  get spec(): PlotSpec | undefined {
    return this.#newest?.spec;
  }

  protected override open(start: RunStart): RunView | undefined {
    const grid = gridOf(start);
    if (!grid) return undefined;
    // In the start document the slow axis comes first; it goes up.
    const axes = this.#axes ?? dimensionsOf(start).axes.toReversed();
    this.#newest = new PlotRun((descriptor) => {
      if (descriptor.name !== this.#streamName) return undefined;
      const [field, x, y] = [this.#field, ...axes].map((key) =>
        key === undefined ? undefined : fieldOf(key, descriptor),
      );
      return field && x && y && isScalarNumber(field, descriptor)
        ? new GridModel(grid, { x, y, color: field })
        : undefined;
    });
    return this.#newest;
  }
}

/** The grid of a start document; `undefined` if it is none of two dimensions. */
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

/** The cells of one run, in blocks where they are too many. */
export class GridModel implements StreamPlot {
  readonly #grid: GridShape;
  readonly #fields: ColorFields;
  /** Cells per block along each axis. */
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
    const count = `${this.#count} of ${points(rows * columns)}`;
    return { spec, words: colorWords(plot, final ? { count, values } : undefined) };
  }
}

/** Positions of `count` cells whose middles go from first to last. */
function edges(
  [first, last]: readonly [number, number],
  count: number,
): { first: number; step: number; domain: [number, number] } {
  const step = count > 1 ? (last - first) / (count - 1) : around(first)[1] - first;
  const begin = first - step / 2;
  const end = begin + count * step;
  return { first: begin, step, domain: begin < end ? [begin, end] : [end, begin] };
}

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isRange = (value: unknown): value is readonly [number, number] =>
  isPair(value) && Number.isFinite(value[0]) && Number.isFinite(value[1]);
