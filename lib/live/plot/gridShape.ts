/** The grid that a plan visits, from its start document. */

import type { RunStart } from "../../engine/documents/documents";
import { rangeAround } from "./range";

/** The largest number of cells of a grid; a plan with more is shown as lines. */
const MOST_CELLS = 4_000_000;

/** A grid in the order in which a plan visits it; the slowest axis comes first, as in the start document. */
export interface GridShape {
  /** The numbers of points along the axes, two of them or more. */
  readonly shape: readonly number[];
  /** The first and last position of each axis. */
  readonly extents: readonly (readonly [number, number])[];
  /** Whether an axis is visited backwards in every second pass. */
  readonly snaking: readonly boolean[];
}

/** The grid in a start document; undefined if there is none, or if its shape or extents make no sense. */
export function gridOf(start: RunStart): GridShape | undefined {
  const { shape, extents, snaking } = start;
  if (!Array.isArray(shape) || shape.length < 2 || shape.length > 8 || !shape.every(isCount)) return undefined;
  if (!Array.isArray(extents) || extents.length !== shape.length || !extents.every(isRange)) return undefined;
  if (cellsOf(shape) > MOST_CELLS) return undefined;
  const flags = Array.isArray(snaking) ? snaking : [];
  return { shape: [...shape], extents: [...extents], snaking: shape.map((_, i) => flags[i] === true) };
}

/** The number of cells. */
export function cellsOf(shape: readonly number[]): number {
  return shape.reduce((all, count) => all * count, 1);
}

/**
 * The cell of a point, counted in rows from the first position of each axis.
 * @param index the number of the point in the order of the plan, from 0
 */
export function cellOf({ shape, snaking }: GridShape, index: number): number {
  let cell = 0;
  let inner = cellsOf(shape);
  for (const [axis, count] of shape.entries()) {
    const pass = Math.floor(index / inner);
    inner /= count;
    const position = Math.floor(index / inner) % count;
    cell = cell * count + (snaking[axis] && pass % 2 === 1 ? count - 1 - position : position);
  }
  return cell;
}

/**
 * An axis of cells: the position of the first middle, the distance between middles, and the range of all
 * cells.
 */
export interface CellAxis {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  /** From the lower edge of the lowest cell to the upper edge of the highest one. */
  readonly domain: readonly [number, number];
}

/** The cells along an axis whose middles go from first to last. */
export function cellAxis([first, last]: readonly [number, number], count: number): CellAxis {
  const step = count > 1 && last !== first ? (last - first) / (count - 1) : rangeAround(first)[1] - first;
  const begin = first - step / 2;
  const end = begin + count * step;
  return { first, step, count, domain: begin < end ? [begin, end] : [end, begin] };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;
const isRange = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);
