/** The relation of two numbers that were recorded together: an echo, a line, or a curve. */

import { type FollowBehaviour, followedValue } from "../modules/followerNumber";

/** The fewest pairs in which a relation is found. */
const FEWEST_PAIRS = 8;
/** The fewest different values that the leader must have had. */
const FEWEST_PLACES = 3;
/** The most points of a curve, and the fewest pairs for each of them. */
const [MOST_POINTS, PAIRS_PER_POINT] = [20, 4];
/** A curve must leave less than this part of the variance that the line leaves. */
const BETTER = 0.7;
/** How often each part of a relation is computed again from the other one. */
const TURNS = 5;
/** Differences that are smaller, relative to the values, are rounding. */
const ROUNDING = 1e-9;

/** The values of a follower, each with that of its leader at the same time. */
export interface Pairs {
  /** The leader. */
  readonly x: Float64Array;
  /** The follower. */
  readonly y: Float64Array;
}

/** The line or curve of a relation. */
type Shape = Pick<FollowBehaviour, "points" | "isStraight">;

/** How a number depends on another one. */
export interface Relation {
  readonly points: FollowBehaviour["points"];
  readonly isStraight: boolean;
  readonly whileMoving?: number;
  /** The part of the follower's variance that the relation does not explain: 0 for an exact one. */
  readonly left: number;
}

/** Whether a number repeats its leader. */
export function isEcho({ x, y }: Pairs): boolean {
  return hasMoved(x) && x.every((place, i) => Math.abs(place - (y[i] as number)) <= ROUNDING * Math.abs(place));
}

/** The relation of two numbers: a straight line, or else a curve; undefined if there were too few reports. */
export function relationOf({ x, y }: Pairs): Relation | undefined {
  return new LeaderPlaces(x).relation(y);
}

/**
 * A relation with a part that is there only while the leader moves: it is proportional to the distance by
 * which the leader is ahead of its lagging value. Both parts are found in turns, each from the values without
 * the other.
 */
export function relationWhileMoving({ x, y }: Pairs, now: Pairs): Relation | undefined {
  if (x.length !== now.x.length) return undefined;
  const ahead = now.x.map((place, i) => place - (x[i] as number));
  const size = sumOfProducts(ahead, ahead);
  if (!(size > 0)) return undefined;
  const places = new LeaderPlaces(x);
  const withoutMoving = (factor: number) => y.map((value, i) => value - factor * (ahead[i] as number));
  let whileMoving = 0;
  let relation: Relation | undefined;
  for (let turn = 0; turn < TURNS; turn += 1) {
    relation = places.relation(withoutMoving(whileMoving));
    if (!relation) return undefined;
    whileMoving = sumOfProducts(places.leftBy(relation, y), ahead) / size;
  }
  if (!relation) return undefined;
  const left = places.leftBy(relation, withoutMoving(whileMoving));
  return {
    ...relation,
    whileMoving: Number(whileMoving.toPrecision(4)),
    left: sumOfProducts(left, left) / varianceOf(y),
  };
}

/** The values of a leader. Everything that depends only on them is computed once for all turns. */
class LeaderPlaces {
  readonly #x: Float64Array;
  /** The distance of each value from their mean. */
  readonly #offsets: Float64Array;
  readonly #spread: number;
  readonly #mean: number;
  readonly #range: readonly [low: number, high: number];
  /** The parts of the leader's range that have values: the mean of those, and their indices. */
  readonly #parts: readonly { readonly mean: number; readonly indices: readonly number[] }[];

  constructor(x: Float64Array) {
    this.#x = x;
    this.#mean = meanOf(x);
    this.#offsets = withoutMean(x);
    this.#spread = sumOfProducts(this.#offsets, this.#offsets);
    const [low, high] = rangeOf(x);
    this.#range = [low, high];
    const count = Math.min(MOST_POINTS, Math.floor(x.length / PAIRS_PER_POINT));
    const parts: number[][] = Array.from({ length: count }, () => []);
    x.forEach((place, i) => {
      parts[Math.min(count - 1, Math.floor((count * (place - low)) / (high - low)))]?.push(i);
    });
    const found = parts.filter((indices) => indices.length > 0);
    this.#parts = found.map((indices) => ({ mean: meanOf(x, indices), indices }));
  }

  /** The relation of a follower to these values. */
  relation(y: Float64Array): Relation | undefined {
    if (y.length < FEWEST_PAIRS || !hasMoved(this.#x) || !(this.#spread > 0)) return undefined;
    const variance = varianceOf(y);
    const line = this.#explained(y, variance, { points: this.#line(y), isStraight: true });
    const points = this.#parts.map(({ mean, indices }) => [mean, meanOf(y, indices)] as const);
    if (points.length < FEWEST_PLACES) return line;
    const curve = this.#explained(y, variance, { points, isStraight: false });
    return curve.left < BETTER * line.left && curve.left < line.left - ROUNDING ? curve : line;
  }

  /** The difference of each value of the follower from the relation. */
  leftBy(relation: Shape, y: Float64Array): Float64Array {
    return y.map((value, i) => value - followedValue(relation, this.#x[i] as number));
  }

  #explained(y: Float64Array, variance: number, shape: Shape): Relation {
    const left = this.leftBy(shape, y);
    return { ...shape, left: variance > 0 ? sumOfProducts(left, left) / variance : 1 };
  }

  #line(y: Float64Array): Shape["points"] {
    const mean = meanOf(y);
    const slope = sumOfProducts(this.#offsets, withoutMean(y)) / this.#spread;
    return this.#range.map((x) => [x, mean + slope * (x - this.#mean)] as const);
  }
}

/** Whether a leader had enough different values. */
function hasMoved(x: Float64Array): boolean {
  const places = new Set<number>();
  return x.some((place) => places.add(place).size >= FEWEST_PLACES);
}

function varianceOf(y: Float64Array): number {
  const offsets = withoutMean(y);
  return sumOfProducts(offsets, offsets);
}

/** How far each number is from the mean of all of them. */
function withoutMean(numbers: Float64Array): Float64Array {
  const mean = meanOf(numbers);
  return numbers.map((value) => value - mean);
}

function sumOfProducts(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** The mean of numbers; by default of all of them. */
function meanOf(numbers: Float64Array, indices?: readonly number[]): number {
  let sum = 0;
  if (indices) for (const i of indices) sum += numbers[i] as number;
  else for (let i = 0; i < numbers.length; i++) sum += numbers[i] as number;
  return sum / (indices ?? numbers).length;
}

function rangeOf(x: Float64Array): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < x.length; i++) [low, high] = [Math.min(low, x[i] as number), Math.max(high, x[i] as number)];
  return [low, high];
}
