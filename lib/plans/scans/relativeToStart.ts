/** Makes the relative form of a scan. */

import type { Msg, Plan } from "../../core/protocols/msg";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";
import { checkRelativePositions, type Ranges } from "./checkPositions";

/**
 * A plan with positions relative to where the motors are when it starts; it moves them back there at its end.
 *
 * The inner plan is asked for its first message before anything else happens, so that it refuses wrong
 * arguments before the first message is sent. Positions that a motor would refuse are refused then, too.
 */
export function* relativeToStart<T>(ranges: Ranges, inner: Plan<T>): Plan<T> {
  const plan = inner[Symbol.iterator]() as Plan<T>;
  const motors = Array.from(ranges, ([motor]) => motor);
  const begun = continuePlan(plan, plan.next());
  yield* checkRelativePositions(ranges);
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
