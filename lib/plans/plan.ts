/**
 * Makes plans of generator functions so that one which was called but never iterated is noticed: `mv(motor, 3)` without `yield*` does
 * nothing, and silently.
 *
 * Bluesky formats the stack of every stub it makes for that, which is most of its run time. Here a plan made while an engine runs
 * is put on a list and taken off when its iteration starts; the stack is kept for the first ones only.
 */
import type { Plan } from "../core/msg";
import { $display, type MimeBundle } from "../display/bundle";
import { $planName } from "../engine/planSource";
import { currentUnstarted } from "../engine/unstarted";

/** `body` as it is, with its unstarted plans noticed. */
export function plan<F extends (...args: never) => Plan>(name: string, body: F): F {
  const prototype = body.prototype as object;
  Object.defineProperty(prototype, Symbol.iterator, {
    value(this: Plan) {
      currentUnstarted()?.started(this);
      return this;
    },
  });
  Object.defineProperty(prototype, $display, {
    value: (): MimeBundle => ({
      "text/plain": `a plan: run it with await RE(${name}(...)), or in a plan with yield* ${name}(...)`,
    }),
  });
  Object.defineProperty(prototype, $planName, { value: name });
  const make = (...args: never): Plan => {
    const made = body(...args);
    currentUnstarted()?.made(name, made);
    return made;
  };
  return make as unknown as F;
}
