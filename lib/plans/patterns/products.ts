/**
 * Trajectories of several motors along lines or through lists: together
 * (inner product) or as a grid (outer product).
 */

import { UsageError } from "../../errors";
import { type Cycler, cycler, snakeCyclers } from "./cycler";
import { linspace } from "./spacing";

/** An axis of a grid. */
export interface GridAxis<M extends object = object> {
  readonly motor: M;
  readonly start: number;
  readonly stop: number;
  /** The number of positions. */
  readonly num: number;
  /** Whether every second pass goes backwards. */
  readonly snake: boolean;
}

/** All motors along straight lines, together. */
export function innerProduct<M extends object>(
  num: number,
  axes: readonly { readonly motor: M; readonly start: number; readonly stop: number }[],
): Cycler<M> {
  return together(axes.map(({ motor, start, stop }) => cycler(motor, linspace(start, stop, num))));
}

/** A rectilinear grid; the first axis is the slowest. */
export function outerProduct<M extends object>(axes: readonly GridAxis<M>[]): Cycler<M> {
  return snakeCyclers(
    axes.map(({ motor, start, stop, num }) => cycler(motor, linspace(start, stop, num))),
    axes.map(({ snake }) => snake),
  );
}

/** All motors through lists of positions, together; the lists must have equal lengths. */
export function innerListProduct<M extends object>(
  lists: readonly (readonly [motor: M, points: Iterable<unknown>])[],
): Cycler<M> {
  return together(lists.map(([motor, points]) => cycler(motor, points)));
}

/**
 * A grid of lists of positions; the first axis is the slowest.
 * @param snakeAxes motors that go backwards on every second pass; true
 * stands for all but the first. Default false.
 */
export function outerListProduct<M extends object>(
  lists: readonly (readonly [motor: M, points: Iterable<unknown>])[],
  snakeAxes: boolean | readonly M[] = false,
): Cycler<M> {
  return snakeCyclers(
    lists.map(([motor, points]) => cycler(motor, points)),
    lists.map(([motor], axis) => (typeof snakeAxes === "boolean" ? snakeAxes && axis > 0 : snakeAxes.includes(motor))),
  );
}

function together<M extends object>(cyclers: readonly Cycler<M>[]): Cycler<M> {
  const [first, ...rest] = cyclers;
  if (!first) throw new UsageError("a trajectory needs at least one motor");
  return rest.reduce((all, each) => all.plus(each), first);
}
