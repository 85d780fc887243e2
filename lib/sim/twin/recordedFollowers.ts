/** Which numbers of a recorded node followed one that was driven, and how they did. */

import type { ModuleDescription, NodeDescription } from "../../secop/description/description";
import { type FollowBehaviour, followedValue, IDENTITY } from "../modules/followerNumber";
import { ParameterHistory, type RecordedNumber, startsOf } from "./parameterHistory";
import type { RecordedNode } from "./recordedNode";

/** A relation is found among this number of reports at least, and measured with no more than the second. */
const [FEWEST_REPORTS, MOST_REPORTS] = [8, 2000];
/** The leader must have been at this number of different places. */
const FEWEST_PLACES = 3;
/** A number follows if the relation leaves no more than this part of its variance. */
const UNEXPLAINED = 0.1;
/** A curve has no more points than this, and each stands for this number of reports. */
const [MOST_POINTS, REPORTS_PER_POINT] = [20, 4];
/** What is more complicated, a curve or a lag, must leave less than this part of what the simpler leaves. */
const BETTER = 0.7;
/** How often both parts of a relation are found anew. */
const TURNS = 5;
/** Lags in seconds that are tried first, and the factors by which the best of them is refined. */
const LAGS = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8];
const FINER = [0.6, 0.7, 0.8, 0.9, 1.15, 1.3, 1.5];
/** Differences that are smaller, relative to the values, are rounding. */
const ROUNDING = 1e-9;

/** The values of a follower, each with that of its leader at the same time. */
type Pairs = readonly (readonly [leader: number, follower: number])[];

interface Relation {
  readonly points: FollowBehaviour["points"];
  readonly isStraight: boolean;
  readonly whileMoving?: number;
  /** The part of the follower's variance that it leaves: 0 for an exact relation. */
  readonly left: number;
}

/** A relation, and the lag at which it was found. */
interface Fit {
  readonly lag: number;
  readonly relation: Relation;
}

/** A number that was driven: the target or the value of a module whose target was set. */
interface Leader {
  readonly key: string;
  readonly reports: readonly RecordedNumber[];
  /** A target jumps from one value to the next; a value moves. */
  readonly jumps: boolean;
}

/** Finds what follows in the modules of a recorded node. */
export class RecordedFollowers {
  readonly #recorded: RecordedNode;
  readonly #leaders: readonly Leader[];
  readonly #lagged = new Map<string, readonly RecordedNumber[]>();

  constructor(description: NodeDescription, recorded: RecordedNode) {
    this.#recorded = recorded;
    this.#leaders = [...description.modules.values()].flatMap((module) => leadersIn(module, recorded));
  }

  /**
   * What follows in a module, by parameter. Only numbers that no client can set; a module that was driven has
   * a value and a setpoint of its own.
   */
  of(module: ModuleDescription, isDriven: boolean): Map<string, FollowBehaviour> {
    const found = new Map<string, FollowBehaviour>();
    const history = new ParameterHistory(module, this.#recorded);
    for (const accessible of module.accessibles.values()) {
      if (accessible.kind !== "parameter" || !accessible.readonly) continue;
      if (isDriven && (accessible.name === "value" || accessible.name === "setpoint")) continue;
      const follower = thinned(history.numbers(accessible.name));
      const behaviour = hasChanged(follower) ? this.#bestLeader(follower) : undefined;
      if (behaviour) found.set(accessible.name, behaviour);
    }
    return found;
  }

  /** The number whose echo the follower is, or else the one that explains it best. */
  #bestLeader(follower: readonly RecordedNumber[]): FollowBehaviour | undefined {
    const echoed = this.#leaders.find(({ reports, jumps }) => jumps && isEcho(pairsOf(reports, follower, true)));
    if (echoed) return { leader: echoed.key, lag: 0, ...IDENTITY };
    let best: (Fit & { readonly leader: string }) | undefined;
    for (const leader of this.#leaders) {
      const fit = this.#bestLag(leader, follower);
      if (fit && fit.relation.left < (best?.relation.left ?? UNEXPLAINED)) best = { leader: leader.key, ...fit };
    }
    if (!best) return undefined;
    const { left: _, ...relation } = best.relation;
    return { leader: best.leader, lag: best.lag, ...relation };
  }

  /** The relation that leaves least: the simplest of three, unless another is clearly better. */
  #bestLag(leader: Leader, follower: readonly RecordedNumber[]): Fit | undefined {
    const now = pairsOf(leader.reports, follower, leader.jumps);
    const at = (lag: number) => pairsOf(this.#laggedBy(leader, lag), follower, false);
    const [first, last] = [leader.reports[0], leader.reports.at(-1)];
    const longest = ((last?.at ?? 0) - (first?.at ?? 0)) / 4;
    const lags = LAGS.filter((lag) => lag <= longest);
    const atOnce = fitOf(0, relationOf(now));
    const later = leastOf(lags, (lag) => relationOf(at(lag)));
    const moving = leader.jumps ? undefined : leastOf(lags, (lag) => relationWhileMoving(at(lag), now));
    return better(better(atOnce, later), moving);
  }

  #laggedBy(leader: Leader, lag: number): readonly RecordedNumber[] {
    if (lag === 0) return leader.reports;
    const key = `${leader.key} ${lag}`;
    const known = this.#lagged.get(key) ?? lagged(leader, lag);
    this.#lagged.set(key, known);
    return known;
  }
}

function leadersIn(module: ModuleDescription, recorded: RecordedNode): Leader[] {
  const history = new ParameterHistory(module, recorded);
  if (startsOf(module, recorded, history).length === 0) return [];
  return ["value", "target"].flatMap((name) => {
    const reports = history.numbers(name);
    return hasChanged(reports) ? [{ key: `${module.name}:${name}`, reports, jumps: name === "target" }] : [];
  });
}

/** A number after a lag of first order. It is followed in steps that are short against the lag. */
function lagged({ reports, jumps }: Leader, lag: number): RecordedNumber[] {
  const found: RecordedNumber[] = [];
  let [before] = reports;
  let value = before?.value ?? 0;
  for (const report of reports) {
    const { at: from, value: start } = before ?? report;
    const steps = Math.min(50, Math.ceil((4 * (report.at - from)) / lag) || 1);
    const dt = (report.at - from) / steps;
    for (let step = 1; step <= steps; step += 1) {
      const input = jumps ? start : start + ((report.value - start) * (step - 0.5)) / steps;
      value = input + (value - input) * Math.exp(-dt / lag);
      found.push({ at: from + step * dt, value });
    }
    before = report;
  }
  return found;
}

/**
 * The leader at the time of each report of the follower: between two reports on a straight line, or as it
 * was.
 */
function pairsOf(leader: readonly RecordedNumber[], follower: readonly RecordedNumber[], jumps: boolean): Pairs {
  const pairs: [number, number][] = [];
  let next = 0;
  for (const { at, value } of follower) {
    while (next < leader.length && (leader[next]?.at ?? 0) <= at) next += 1;
    const [before, after] = [leader[next - 1], leader[next]];
    if (!before) continue;
    const part = after && !jumps ? (at - before.at) / (after.at - before.at) : 0;
    pairs.push([before.value + ((after?.value ?? before.value) - before.value) * part, value]);
  }
  return pairs;
}

/** The fit at the lag that leaves least: the best of some, refined. */
function leastOf(lags: readonly number[], relationAt: (lag: number) => Relation | undefined): Fit | undefined {
  const least = (some: readonly number[]) =>
    some
      .map((lag) => fitOf(lag, relationAt(lag)))
      .filter((fit) => fit !== undefined)
      .sort((a, b) => a.relation.left - b.relation.left)[0];
  const coarse = least(lags);
  return coarse && least([coarse.lag, ...FINER.map((factor) => Number((factor * coarse.lag).toPrecision(3)))]);
}

const fitOf = (lag: number, relation: Relation | undefined): Fit | undefined => relation && { lag, relation };

/** The more complicated fit only if it is clearly better. */
function better(simple: Fit | undefined, complicated: Fit | undefined): Fit | undefined {
  if (!simple || !complicated) return simple ?? complicated;
  return complicated.relation.left < BETTER * simple.relation.left ? complicated : simple;
}

/** Whether a number repeats its leader. */
function isEcho(pairs: Pairs): boolean {
  const places = new Set(pairs.map(([x]) => x)).size;
  return places >= FEWEST_PLACES && pairs.every(([x, y]) => Math.abs(x - y) <= ROUNDING * Math.abs(x));
}

/** The relation of two numbers: a straight line, or else a curve; undefined if there were too few reports. */
function relationOf(pairs: Pairs): Relation | undefined {
  if (pairs.length < FEWEST_REPORTS || new Set(pairs.map(([x]) => x)).size < FEWEST_PLACES) return undefined;
  const [line, curve] = [lineOf(pairs), curveOf(pairs)];
  if (!line || !curve) return line ?? curve;
  return curve.left < BETTER * line.left && curve.left < line.left - ROUNDING ? curve : line;
}

/**
 * A relation with a part that is there only while the leader moves: what the relation leaves goes with the
 * way by which the leader is ahead. Both parts are found in turns, each from what the other leaves.
 */
function relationWhileMoving(pairs: Pairs, now: Pairs): Relation | undefined {
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
  const count = Math.min(MOST_POINTS, Math.floor(pairs.length / REPORTS_PER_POINT));
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

/** Evenly chosen reports where there are very many. */
function thinned(reports: readonly RecordedNumber[]): readonly RecordedNumber[] {
  const step = Math.ceil(reports.length / MOST_REPORTS);
  return step <= 1 ? reports : reports.filter((_, i) => i % step === 0);
}

function hasChanged(reports: readonly RecordedNumber[]): boolean {
  return reports.some(({ value }) => value !== reports[0]?.value);
}
