/** Finds the numbers of a recorded node that followed a driven one, and how they did. */

import { pieceDone } from "../../clock";
import type { ModuleDescription, NodeDescription } from "../../secop/description/description";
import { type FollowBehaviour, IDENTITY } from "../modules/followerNumber";
import { isEcho, type Pairs, type Relation, relationOf, relationWhileMoving } from "./numberRelation";
import { ParameterHistory, type RecordedNumber, startsOf } from "./parameterHistory";
import type { RecordedNode } from "./recordedNode";

/** The most reports by which a follower and its leader are compared. */
const MOST_REPORTS = 1000;
/** A number follows if the relation leaves less than this part of its variance unexplained. */
const UNEXPLAINED = 0.1;
/** A more complicated relation must leave less than this part of the variance that a simpler one leaves. */
const BETTER = 0.7;
/** Lags in seconds that are tried first, and the factors by which the best of them is refined. */
const LAGS = [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2, 102.4, 204.8];
const FINER = [0.6, 0.7, 0.8, 0.9, 1.15, 1.3, 1.5];

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

/** Finds the followers in the modules of a recorded node. */
export class RecordedFollowers {
  readonly #recorded: RecordedNode;
  readonly #leaders: readonly Leader[];

  constructor(description: NodeDescription, recorded: RecordedNode) {
    this.#recorded = recorded;
    this.#leaders = [...description.modules.values()].flatMap((module) => leadersIn(module, recorded));
  }

  /**
   * The followers in a module, by parameter: only numbers that no client can set, and not the value and
   * setpoint of a driven module. One number takes up to a tenth of a second.
   */
  async of(module: ModuleDescription, isDriven: boolean): Promise<Map<string, FollowBehaviour>> {
    const found = new Map<string, FollowBehaviour>();
    const history = new ParameterHistory(module, this.#recorded);
    for (const accessible of module.accessibles.values()) {
      if (accessible.kind !== "parameter" || !accessible.readonly) continue;
      if (isDriven && (accessible.name === "value" || accessible.name === "setpoint")) continue;
      const follower = thinned(history.numbers(accessible.name));
      const behaviour = hasChanged(follower) ? this.#bestLeader(follower) : undefined;
      if (behaviour) found.set(accessible.name, behaviour);
      await pieceDone();
    }
    return found;
  }

  /** The number whose echo the follower is, or else the one that explains it best. */
  #bestLeader(follower: readonly RecordedNumber[]): FollowBehaviour | undefined {
    const echoed = this.#leaders.find(({ reports, jumps }) => jumps && isEcho(pairsOf(reports, follower, true)));
    if (echoed) return { leader: echoed.key, lag: 0, ...IDENTITY };
    let best: (Fit & { readonly leader: string }) | undefined;
    for (const leader of this.#leaders) {
      const fit = bestFit(leader, follower);
      if (fit && fit.relation.left < (best?.relation.left ?? UNEXPLAINED)) best = { leader: leader.key, ...fit };
    }
    if (!best) return undefined;
    const { left: _, ...relation } = best.relation;
    return { leader: best.leader, lag: best.lag, ...relation };
  }
}

/** The best of three kinds of relations: the simplest, unless another is clearly better. */
function bestFit(leader: Leader, follower: readonly RecordedNumber[]): Fit | undefined {
  const now = pairsOf(leader.reports, follower, leader.jumps);
  const at = (lag: number) => pairsOf(lagged(leader, lag), follower, false);
  const { reports, jumps } = leader;
  const recorded = (reports.at(-1)?.at ?? 0) - (reports[0]?.at ?? 0);
  // A lag shorter than the time between reports of a moving value cannot be seen; a very long one is a drift.
  const shortest = jumps ? 0 : recorded / reports.length / 2;
  const lags = LAGS.filter((lag) => lag >= shortest && lag <= recorded / 4);
  const [atOnce] = fitsAt([0], () => relationOf(now));
  const later = leastOf(lags, (lag) => relationOf(at(lag)));
  const moving = jumps ? undefined : leastOf(lags, (lag) => relationWhileMoving(at(lag), now));
  return better(better(atOnce, later), moving);
}

function leadersIn(module: ModuleDescription, recorded: RecordedNode): Leader[] {
  const history = new ParameterHistory(module, recorded);
  if (startsOf(module, recorded, history).length === 0) return [];
  return ["value", "target"].flatMap((name) => {
    const reports = thinned(history.numbers(name));
    return hasChanged(reports) ? [{ key: `${module.name}:${name}`, reports, jumps: name === "target" }] : [];
  });
}

/** A number after a lag of first order, computed in steps that are short against the lag. */
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
 * The leader at the time of each report of the follower: on a straight line between two reports, or as
 * last reported if it jumps.
 */
function pairsOf(leader: readonly RecordedNumber[], follower: readonly RecordedNumber[], jumps: boolean): Pairs {
  const [x, y]: [number[], number[]] = [[], []];
  let next = 0;
  for (const { at, value } of follower) {
    while (next < leader.length && (leader[next]?.at ?? 0) <= at) next += 1;
    const [before, after] = [leader[next - 1], leader[next]];
    if (!before) continue;
    const part = after && !jumps ? (at - before.at) / (after.at - before.at) : 0;
    x.push(before.value + ((after?.value ?? before.value) - before.value) * part);
    y.push(value);
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

/** The fit at the best lag: the best of these lags, refined. */
function leastOf(lags: readonly number[], relationAt: (lag: number) => Relation | undefined): Fit | undefined {
  const least = (fits: readonly Fit[]) => fits.toSorted((a, b) => a.relation.left - b.relation.left)[0];
  const coarse = least(fitsAt(lags, relationAt));
  if (!coarse) return undefined;
  const finer = FINER.map((factor) => Number((factor * coarse.lag).toPrecision(3)));
  return least([coarse, ...fitsAt(finer, relationAt)]);
}

/** The fits at those lags at which there is a relation. */
function fitsAt(lags: readonly number[], relationAt: (lag: number) => Relation | undefined): Fit[] {
  return lags.flatMap((lag) => {
    const relation = relationAt(lag);
    return relation ? [{ lag, relation }] : [];
  });
}

/** The more complicated fit only if it is clearly better. */
function better(simple: Fit | undefined, complicated: Fit | undefined): Fit | undefined {
  if (!simple || !complicated) return simple ?? complicated;
  return complicated.relation.left < BETTER * simple.relation.left ? complicated : simple;
}

/** Evenly chosen reports if there are too many. */
function thinned(reports: readonly RecordedNumber[]): readonly RecordedNumber[] {
  const step = Math.ceil(reports.length / MOST_REPORTS);
  return step <= 1 ? reports : reports.filter((_, i) => i % step === 0);
}

function hasChanged(reports: readonly RecordedNumber[]): boolean {
  return reports.some(({ value }) => value !== reports[0]?.value);
}
