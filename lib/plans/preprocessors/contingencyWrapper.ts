import { Msg, type Plan } from "../../core/protocols/msg";
import { plan } from "../plan";

/** What to do besides the plan, and when. */
export interface Contingency {
  /** After an error; afterwards the error goes on, unless `autoRaise` is false. */
  readonly exceptPlan?: ((error: unknown) => Plan<unknown>) | undefined;
  /** After success. */
  readonly elsePlan?: (() => Plan<unknown>) | undefined;
  /** In any case but a halt. */
  readonly finalPlan?: (() => Plan<unknown>) | undefined;
  /** Pauses before the error is dealt with, so that one can look around. */
  readonly pauseForDebug?: boolean;
  /** Whether an error goes on after `exceptPlan`; if not, its result is the plan's. Default true. */
  readonly autoRaise?: boolean;
}

/** `try`, `catch`, `else` and `finally` as plans. */
export const contingencyWrapper = plan("contingencyWrapper", function* <
  T,
>(inner: Plan<T>, { exceptPlan, elsePlan, finalPlan, pauseForDebug = false, autoRaise = true }: Contingency): Plan<T> {
  try {
    let result: T;
    try {
      result = yield* inner;
    } catch (error) {
      if (pauseForDebug) yield Msg("pause", null, [], { defer: false });
      if (!exceptPlan) throw error;
      const instead = yield* exceptPlan(error);
      if (autoRaise) throw error;
      return instead as T;
    }
    if (elsePlan) yield* elsePlan();
    return result;
  } finally {
    if (finalPlan) yield* finalPlan();
  }
});

/** A plan, or a function that makes one when it is needed. */
export type PlanOrMaker = Plan<unknown> | (() => Plan<unknown>);

/** Does `finalPlan` after the plan, whether it succeeds or fails; not after a halt. */
export const finalizeWrapper = plan("finalizeWrapper", function* <
  T,
>(inner: Plan<T>, finalPlan: PlanOrMaker, options: { readonly pauseForDebug?: boolean } = {}): Plan<T> {
  try {
    return yield* inner;
  } catch (error) {
    if (options.pauseForDebug) yield Msg("pause", null, [], { defer: false });
    throw error;
  } finally {
    yield* typeof finalPlan === "function" ? finalPlan() : finalPlan;
  }
});
