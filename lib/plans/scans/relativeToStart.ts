/** Makes the relative form of a scan. */

import type { Msg, Plan } from "../../core/protocols/msg";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";

/**
 * A plan with positions relative to where the motors are when it starts; it moves them back there at its end.
 *
 * The inner plan is asked for its first message before anything else happens, so that it refuses wrong
 * arguments before the first message is sent.
 */
export function* relativeToStart<T>(motors: readonly object[], inner: Plan<T>): Plan<T> {
  const plan = inner[Symbol.iterator]() as Plan<T>;
  const begun = continuePlan(plan, plan.next());
  return yield* resetPositionsWrapper(relativeSetWrapper(begun, motors), motors);
}

/** The rest of a plan, beginning with a message that it has given already. */
function* continuePlan<T>(plan: Plan<T>, first: IteratorResult<Msg, T>): Plan<T> {
  let step = first;
  try {
    while (!step.done) {
      let result: unknown;
      try {
        result = yield step.value;
      } catch (error) {
        step = plan.throw(error);
        continue;
      }
      step = plan.next(result);
    }
    return step.value;
  } finally {
    plan.return(undefined as T);
  }
}
