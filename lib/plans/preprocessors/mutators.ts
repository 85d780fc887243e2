/** Preprocessors that change a plan message by message; most others are made of these. */

import type { Msg, Plan } from "../../core/protocols/msg";
import { plan } from "../plan";

/**
 * Says for each message which plan replaces it (null for none, so that the message itself is sent), and which
 * plan follows it (null for none).
 */
export type Mutation = (msg: Msg) => readonly [head: Plan | null, tail: Plan | null];

/** A plan that is under way; the ones above it were inserted into it. */
interface Level {
  readonly plan: Plan;
  /** The plan to do when this one ends. */
  readonly tail: Plan | undefined;
  /**
   * What is sent to the plan below when this one ends; default: the result of this one's last message.
   */
  readonly answer: { readonly value: unknown } | undefined;
}

/**
 * Replaces messages by plans, and inserts plans after them.
 *
 * The messages of those plans are mutated as well, but no message twice, so a plan that replaces a message
 * can yield it. The inner plan gets the result of the last message of the plan that replaced its own.
 */
export const planMutator = plan("planMutator", function* <T>(inner: Plan<T>, mutate: Mutation): Plan<T> {
  const seen = new WeakSet<Msg>();
  const levels: Level[] = [{ plan: begun(inner), tail: undefined, answer: undefined }];
  let result: unknown;
  let thrown: { readonly error: unknown } | undefined;
  let returned: unknown;
  try {
    for (;;) {
      const level = levels.at(-1) as Level;
      let step: IteratorResult<Msg, unknown>;
      try {
        const failure: { readonly error: unknown } | undefined = thrown;
        thrown = undefined;
        step = failure ? level.plan.throw(failure.error) : level.plan.next(result);
      } catch (error) {
        levels.pop();
        if (levels.length === 0) throw error;
        thrown = { error };
        continue;
      }
      if (step.done) {
        levels.pop();
        if (level.plan === (inner as Plan)) returned = step.value;
        if (level.answer) result = level.answer.value;
        if (level.tail) {
          levels.push({ plan: level.tail, tail: undefined, answer: { value: result } });
          result = undefined;
        }
        if (levels.length === 0) return returned as T;
        continue;
      }
      const msg = step.value;
      if (!seen.has(msg)) {
        seen.add(msg);
        const [head, tail] = mutate(msg);
        if (head || tail) {
          levels.push({ plan: begun(head ?? single(msg)), tail: tail ? begun(tail) : undefined, answer: undefined });
          result = undefined;
          continue;
        }
      }
      try {
        result = yield msg;
      } catch (error) {
        thrown = { error };
      }
    }
  } finally {
    for (const level of levels) level.plan.return(undefined);
  }
});

/**
 * Replaces each message by another one, or drops it if `mutate` returns null;
 * the result of a dropped one is undefined.
 */
export const msgMutator = plan("msgMutator", function* <T>(inner: Plan<T>, mutate: (msg: Msg) => Msg | null): Plan<T> {
  let step = begun(inner).next();
  let finished = false;
  try {
    while (!step.done) {
      let result: unknown;
      try {
        const msg = mutate(step.value);
        result = msg === null ? undefined : yield msg;
      } catch (error) {
        step = inner.throw(error);
        continue;
      }
      step = inner.next(result);
    }
    finished = true;
    return step.value;
  } finally {
    if (!finished) (inner as Plan).return(undefined);
  }
});

/** Does plans one after the other. @returns what each of them returned */
export const pchain = plan("pchain", function* (...plans: readonly Plan[]): Plan<unknown[]> {
  const results: unknown[] = [];
  for (const each of plans) results.push(yield* each);
  return results;
});

/** A plan of one message; it returns the result of the message. */
export function* single(msg: Msg): Plan {
  return yield msg;
}

/** Does a plan and then sends a message; returns the result of the message. */
export function* sendAfter(first: Plan, msg: Msg): Plan {
  yield* first;
  return yield msg;
}

/**
 * Marks a plan as started, since one that is driven by `next` instead of
 * `yield*` would be reported as forgotten.
 */
const begun = <T>(plan: Plan<T>): Plan<T> => plan[Symbol.iterator]() as Plan<T>;
