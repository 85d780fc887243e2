/** The suspensions of one plan: those that were requested, and those that hold it now. */

import { inspect } from "node:util";
import { Msg, type Plan } from "../../core/protocols/msg";
import { UsageError } from "../../errors";
import type { Suspension, SuspensionPlan } from "../suspend/suspension";
import type { RewindCache } from "./rewindCache";

export class PlanSuspensions {
  readonly #requested: Suspension[] = [];
  /** The newest comes last. Its plans lie on top of the plan stack, so the others go on only after it. */
  readonly #holding: Suspension[] = [];
  /** Moves that were stopped by suspensions which ended while others still hold the plan. */
  readonly #toRestart: Msg[] = [];

  /** What holds the plan now. */
  get holding(): readonly Suspension[] {
    return this.#holding;
  }

  get requested(): boolean {
    return this.#requested.length > 0;
  }

  request(suspension: Suspension): void {
    this.#requested.push(suspension);
  }

  cancelRequests(): void {
    this.#requested.length = 0;
  }

  /** The request that came first holds the plan from now on; undefined if there is none. */
  holdNext(): Suspension | undefined {
    const suspension = this.#requested.shift();
    if (suspension) this.#holding.push(suspension);
    return suspension;
  }

  /**
   * A suspension ends.
   * @param restart moves that it stopped and that are not done again anyway
   * @returns the moves to start again now; undefined while another suspension holds the plan
   */
  end(suspension: Suspension, restart: readonly Msg[]): readonly Msg[] | undefined {
    const at = this.#holding.lastIndexOf(suspension);
    if (at >= 0) this.#holding.splice(at, 1);
    this.#toRestart.push(...restart);
    return this.#holding.length > 0 ? undefined : this.#toRestart.splice(0);
  }
}

/**
 * What is done while a suspension holds the plan: its `prePlan`, then waiting, then its `postPlan`. None of
 * it is done again after a pause.
 * @param restart moves that were stopped, to be started again at the end
 * @param holds whether the plan is still suspended: where it is not, since it is being ended, an error starts
 * no moves again
 */
export function* suspendedPlan(
  suspension: Suspension,
  restart: readonly Msg[],
  cache: RewindCache,
  holds: () => boolean,
): Plan<void> {
  const { rewindable } = cache;
  cache.rewindable = false;
  try {
    yield* heldPlan(suspension, restart, holds);
    if (suspension.postPlan) yield* messagesOf("postPlan", suspension.postPlan);
  } finally {
    cache.rewindable = rewindable;
  }
}

/** The part of `suspendedPlan` until the suspension ends. */
function* heldPlan(suspension: Suspension, restart: readonly Msg[], holds: () => boolean): Plan<void> {
  let failure: unknown;
  try {
    if (suspension.prePlan) yield* messagesOf("prePlan", suspension.prePlan);
    yield Msg("wait_for", null, [[() => suspension.released]]);
    failure = suspension.failure?.();
    if (failure !== undefined) throw failure;
  } catch (error) {
    yield Msg("_resume_from_suspender", null, [suspension, holds() && error !== failure ? restart : []]);
    throw error;
  }
  yield Msg("_resume_from_suspender", null, [suspension, restart]);
}

/** @throws UsageError if a function has made no plan, because it lacks `*` or `return` */
function messagesOf(name: string, given: SuspensionPlan): Iterable<Msg> {
  const made: unknown = typeof given === "function" ? given() : given;
  if (typeof made === "object" && made !== null && Symbol.iterator in made) return made as Iterable<Msg>;
  throw new UsageError(
    `the ${name} of a suspender should be a generator function (function*), but returned ${inspect(made, { depth: 0 })}`,
  );
}
