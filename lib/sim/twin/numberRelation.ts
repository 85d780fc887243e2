/** The relation of two numbers that were recorded together: an echo, a line, or a curve. */

import { type FollowBehaviour, followedValue } from "../modules/followerNumber";

/** A relation is found among this number of pairs at least. */
const FEWEST_PAIRS = 8;
/** The leader must have been at this number of different places. */
const FEWEST_PLACES = 3;
/** A curve has no more points than this, and each stands for this number of pairs. */
const [MOST_POINTS, PAIRS_PER_POINT] = [20, 4];
/** A curve must leave less than this part of what the line leaves. */
const BETTER = 0.7;
/** How often both parts of a relation are found anew. */
const TURNS = 5;
/** Differences that are smaller, relative to the values, are rounding. */
const ROUNDING = 1e-9;

/** The values of a follower, each with that of its leader at the same time. */
export type Pairs = readonly (readonly [leader: number, follower: number])[];

/** How a number goes with another one. */
export interface Relation {
  readonly points: FollowBehaviour["points"];
  readonly isStraight: boolean;
  readonly whileMoving?: number;
  /** The part of the follower's variance that it leaves: 0 for an exact relation. */
  readonly left: number;
}

/** Whether a number repeats its leader. */
export function isEcho(pairs: Pairs): boolean {
  const places = new Set(pairs.map(([x]) => x)).size;
  return places >= FEWEST_PLACES && pairs.every(([x, y]) => Math.abs(x - y) <= ROUNDING * Math.abs(x));
}

/** The relation of two numbers: a straight line, or else a curve; undefined if there were too few reports. */
export function relationOf(pairs: Pairs): Relation | undefined {
  if (pairs.length < FEWEST_PAIRS || new Set(pairs.map(([x]) => x)).size < FEWEST_PLACES) return undefined;
  const [line, curve] = [lineOf(pairs), curveOf(pairs)];
  if (!line || !curve) return line ?? curve;
  return curve.left < BETTER * line.left && curve.left < line.left - ROUNDING ? curve : line;
}

/**
 * A relation with a part that is there only while the leader moves: it is proportional to the distance by
 * which the leader is ahead of its lagging value. Both parts are found in turns, each from the values without
 * the other.
 */
export function relationWhileMoving(pairs: Pairs, now: Pairs): Relation | undefined {
  const ahead = pairs.map(([lagging], i) => (now[i]?.[0] ?? lagging) - lagging);
  const size = ahead.reduce((sum, way) => sum + way ** 2, 0);
  if (pairs.length !== now.length || !(size > 0)) return undefined;
  let whileMoving = 0;
  let relation: Relation | undefined;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const rest = pairs.map(([x, y], i) => [x, y - whileMoving * (ahead[i] ?? 0)] as const);
    relation = relationOf(rest);
    if (!relation) return undefined;
    const { points, isStraight } = relation;
    const left = pairs.map(([x, y]) => y - followedValue({ points, isStraight }, x));
    whileMoving = left.reduce((sum, rest, i) => sum + rest * (ahead[i] ?? 0), 0) / size;
  }
  if (!relation) return undefined;
  const rest = pairs.map(([x, y], i) => [x, y - whileMoving * (ahead[i] ?? 0)] as const);
  const left = (leftBy(relation, rest) * varianceOf(rest)) / varianceOf(pairs);
  return { ...relation, whileMoving: Number(whileMoving.toPrecision(4)), left };
}

function lineOf(pairs: Pairs): Relation | undefined {
  const [low, high] = rangeOf(pairs);
  const [x0, y0] = [meanOf(pairs, 0), meanOf(pairs, 1)];
  const spread = pairs.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
  if (!(spread > 0)) return undefined;
  const slope = pairs.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0) / spread;
  const points = [low, high].map((x) => [x, y0 + slope * (x - x0)] as const);
  return { points, isStraight: true, left: leftBy({ points, isStraight: true }, pairs) };
}

/** Means of the pairs in parts of the leader's range. */
function curveOf(pairs: Pairs): Relation | undefined {
  const [low, high] = rangeOf(pairs);
  const count = Math.min(MOST_POINTS, Math.floor(pairs.length / PAIRS_PER_POINT));
  const parts: [number, number][][] = Array.from({ length: count }, () => []);
  for (const [x, y] of pairs) parts[Math.min(count - 1, Math.floor((count * (x - low)) / (high - low)))]?.push([x, y]);
  const points = parts.filter((part) => part.length > 0).map((part) => [meanOf(part, 0), meanOf(part, 1)] as const);
  if (points.length < FEWEST_PLACES) return undefined;
  return { points, isStraight: false, left: leftBy({ points, isStraight: false }, pairs) };
}

/** The part of the variance of the followers that a relation does not explain. */
function leftBy(relation: Pick<FollowBehaviour, "points" | "isStraight">, pairs: Pairs): number {
  const all = varianceOf(pairs);
  const left = pairs.reduce((sum, [x, y]) => sum + (y - followedValue(relation, x)) ** 2, 0);
  return all > 0 ? left / all : 1;
}

function varianceOf(pairs: Pairs): number {
  const mean = meanOf(pairs, 1);
  return pairs.reduce((sum, [, y]) => sum + (y - mean) ** 2, 0);
}

const meanOf = (pairs: Pairs, member: 0 | 1): number =>
  pairs.reduce((sum, pair) => sum + pair[member], 0) / pairs.length;

function rangeOf(pairs: Pairs): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [x] of pairs) [low, high] = [Math.min(low, x), Math.max(high, x)];
  return [low, high];
}
