/** Preprocessors that change a plan message by message; the others are made of these. */
import type { Msg, Plan } from "../../core/protocols/msg";
import { plan } from "../plan";

/** For each message: a plan to do instead (null: the message itself) and one to do after it (null: none). */
export type Mutation = (msg: Msg) => readonly [head: Plan | null, tail: Plan | null];

interface Level {
  readonly plan: Plan;
  readonly tail: Plan | null;
  /** What the plan below is sent when this one ends; undefined: what this one's last message gave. */
  readonly answer: { readonly value: unknown } | null;
}

/**
 * Puts plans in the place of messages and after them. Messages of those are mutated too, but none twice: a plan put in its place can
 * yield the original message. The result of the last message of the head is what the original one gives.
 */
export const planMutator = plan("planMutator", function* <T>(inner: Plan<T>, mutate: Mutation): Plan<T> {
  const seen = new WeakSet<Msg>();
  const levels: Level[] = [{ plan: begun(inner), tail: null, answer: null }];
  let result: unknown;
  let thrown: { readonly error: unknown } | null = null;
  let returned: unknown;
  try {
    for (;;) {
      const level = levels.at(-1) as Level;
      let step: IteratorResult<Msg, unknown>;
      try {
        const error: { readonly error: unknown } | null = thrown;
        thrown = null;
        step = error ? level.plan.throw(error.error) : level.plan.next(result);
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
          levels.push({ plan: level.tail, tail: null, answer: { value: result } });
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
          levels.push({ plan: begun(head ?? single(msg)), tail: tail && begun(tail), answer: null });
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

/** Replaces each message by another one, or drops it (null). */
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

/** Plans one after the other. @returns what each returned */
export const pchain = plan("pchain", function* (...plans: readonly Plan[]): Plan<unknown[]> {
  const results: unknown[] = [];
  for (const each of plans) results.push(yield* each);
  return results;
});

/** A plan of one message that returns what it gave. */
export function* single(msg: Msg): Plan {
  return yield msg;
}

/** A plan that is driven by hand instead of by `yield*`: it must not be taken for a forgotten one. */
const begun = <T>(plan: Plan<T>): Plan<T> => plan[Symbol.iterator]() as Plan<T>;
