/** The trajectory of a scan: which motor goes where, point by point. */

import { UsageError } from "../../errors";

/**
 * A list of points; each point maps motors to positions. Two cyclers of equal length can be added, so that
 * both move at once, or multiplied to a grid, in which the left one is the slowest.
 */
export class Cycler<M extends object = object> implements Iterable<ReadonlyMap<M, unknown>> {
  /** The number of points. */
  readonly length: number;
  readonly #columns: ReadonlyMap<M, readonly unknown[]>;

  constructor(columns: ReadonlyMap<M, readonly unknown[]>) {
    this.#columns = columns;
    const lengths = [...columns.values()].map((column) => column.length);
    this.length = lengths[0] ?? 0;
    if (lengths.some((length) => length !== this.length)) {
      throw new UsageError(`motors that move together need equally many points, not ${lengths.join(", ")}`);
    }
  }

  /** The motors that move, in the order they were added. */
  get motors(): M[] {
    return [...this.#columns.keys()];
  }

  /** All positions of a motor, one per point; none if it is not part of the trajectory. */
  points(motor: M): readonly unknown[] {
    return this.#columns.get(motor) ?? [];
  }

  /**
   * The trajectory in which both move at once, point by point; throws unless both have equally many points.
   */
  plus<N extends object>(other: Cycler<N>): Cycler<M | N> {
    const columns = new Map<M | N, readonly unknown[]>(this.#columns);
    for (const motor of other.motors) {
      if (columns.has(motor)) throw repeatedMotor(motor);
      columns.set(motor, other.points(motor));
    }
    return new Cycler(columns);
  }

  /** The grid in which the other one is passed through at each point of this one. */
  times<N extends object>(other: Cycler<N>): Cycler<M | N> {
    // A cycler takes motors of one type in `points`, so the compiler does
    // not see that each may stand for the union.
    return snakeCyclers<M | N>([this as unknown as Cycler<M | N>, other as unknown as Cycler<M | N>], [false, false]);
  }

  *[Symbol.iterator](): Generator<ReadonlyMap<M, unknown>, void, undefined> {
    const columns = [...this.#columns];
    for (let i = 0; i < this.length; i += 1) yield new Map(columns.map(([motor, points]) => [motor, points[i]]));
  }
}

/** The most positions of a motor: more would use up the memory of the process. */
const MOST_POSITIONS = 10_000_000;

/** @throws UsageError if there are more positions than the memory has room for */
export function checkPositionCount(what: string, positions: number): void {
  if (positions <= MOST_POSITIONS) return;
  throw new UsageError(`${what}: ${positions} positions are too many for the memory: use ${MOST_POSITIONS} at most`);
}

/** The trajectory of one motor. */
export function cycler<M extends object>(motor: M, points: Iterable<unknown>): Cycler<M> {
  return new Cycler(new Map([[motor, [...points]]]));
}

/**
 * A grid of trajectories, the first one slowest. Where `snake` is true, every
 * second pass of that axis goes backwards.
 */
export function snakeCyclers<M extends object>(cyclers: readonly Cycler<M>[], snake: readonly boolean[]): Cycler<M> {
  const total = cyclers.reduce((product, each) => product * each.length, 1);
  checkPositionCount("a grid", total);
  const columns = new Map<M, unknown[]>();
  let repeats = total;
  for (const [axis, each] of cyclers.entries()) {
    repeats /= each.length;
    for (const motor of each.motors) {
      if (columns.has(motor)) throw repeatedMotor(motor);
      const points = each.points(motor);
      const column: unknown[] = [];
      for (let i = 0; i < total; i += 1) {
        const pass = Math.floor(i / (repeats * each.length));
        const at = Math.floor(i / repeats) % each.length;
        column.push(points[snake[axis] && pass % 2 === 1 ? each.length - 1 - at : at]);
      }
      columns.set(motor, column);
    }
  }
  return new Cycler(columns);
}

function repeatedMotor(motor: object): UsageError {
  return new UsageError(`${String((motor as { name?: unknown }).name)} is in the trajectory twice`);
}
