/** Deals with the end of a plan: `try`, `catch`, `else` and `finally` as plans. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { checkMaker, madePlan } from "../arguments/valueArguments";
import { plan } from "../plan";

/** Plans to do at the end of another one. */
export interface Contingency {
  /** Done after an error. Then the error is thrown again, unless `autoRaise` is false. */
  readonly exceptPlan?: ((error: unknown) => Plan<unknown>) | undefined;
  /** Done after success. */
  readonly elsePlan?: (() => Plan<unknown>) | undefined;
  /** Done in any case except a halt. */
  readonly finalPlan?: (() => Plan<unknown>) | undefined;
  /** Whether to pause before dealing with an error, so that the user can look around; default false. */
  readonly pauseForDebug?: boolean;
  /**
   * Whether the error is thrown again after `exceptPlan`. If not, the result
   * of `exceptPlan` is returned. Default true.
   */
  readonly autoRaise?: boolean;
}

/** Does other plans after an error, after success, or in any case. */
export const contingencyWrapper = plan("contingencyWrapper", function* <
  T,
>(inner: Plan<T>, { exceptPlan, elsePlan, finalPlan, pauseForDebug = false, autoRaise = true }: Contingency): Plan<T> {
  checkMaker("contingencyWrapper", { exceptPlan, elsePlan, finalPlan });
  try {
    let result: T;
    try {
      result = yield* inner;
    } catch (error) {
      if (pauseForDebug) yield Msg("pause", null, [], { defer: false });
      if (!exceptPlan) throw error;
      const instead = yield* madePlan("contingencyWrapper", "exceptPlan", exceptPlan(error));
      if (autoRaise) throw error;
      return instead as T;
    }
    if (elsePlan) yield* madePlan("contingencyWrapper", "elsePlan", elsePlan());
    return result;
  } finally {
    if (finalPlan) yield* madePlan("contingencyWrapper", "finalPlan", finalPlan());
  }
});

/** A plan, or a function that makes one when it is needed. */
export type PlanOrMaker = Plan<unknown> | (() => Plan<unknown>);

/** Does `finalPlan` after the plan, whether it succeeds or fails, but not after a halt. */
export const finalizeWrapper = plan("finalizeWrapper", function* <
  T,
>(inner: Plan<T>, finalPlan: PlanOrMaker, options: { readonly pauseForDebug?: boolean } = {}): Plan<T> {
  if (typeof finalPlan !== "function") madePlan("finalizeWrapper", "finalPlan", finalPlan);
  try {
    return yield* inner;
  } catch (error) {
    if (options.pauseForDebug) yield Msg("pause", null, [], { defer: false });
    throw error;
  } finally {
    yield* typeof finalPlan === "function" ? madePlan("finalizeWrapper", "finalPlan", finalPlan()) : finalPlan;
  }
});
