import type { Msg, Plan } from "../../core/protocols/msg";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";

/**
 * A plan with positions relative to where the motors are when it starts; they go back there at its end. The plan is begun before
 * anything else, so that what is wrong with its arguments is said before the first message.
 */
export function* around<T>(motors: readonly object[], inner: Plan<T>): Plan<T> {
  const plan = inner[Symbol.iterator]() as Plan<T>;
  const begun = continued(plan, plan.next());
  return yield* resetPositionsWrapper(relativeSetWrapper(begun, motors), motors);
}

function* continued<T>(plan: Plan<T>, first: IteratorResult<Msg, T>): Plan<T> {
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
