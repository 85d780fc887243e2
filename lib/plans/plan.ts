/**
 * Makes plans of generator functions so that one which was called but never iterated is noticed: `mv(motor, 3)` without `yield*` does
 * nothing, and silently.
 *
 * Bluesky formats the stack of every stub it makes for that, which is most of its run time. Here a plan made while an engine runs
 * is noted and forgotten when its iteration starts; the stack is kept for the first ones only.
 */
import type { Plan } from "../core/protocols/msg";
import { currentStep } from "../core/protocols/planStep";
import { STACKS_PER_PLAN } from "../core/protocols/unstartedPlans";
import { $display, type MimeBundle } from "../display/bundle";
import { $planName, $started, usedUp } from "../engine/loop/planSource";

interface Startable {
  [$started]?: boolean;
}

/** `body` as it is, with its unstarted plans noticed, and those that are done a second time refused. */
export function plan<F extends (...args: never) => Plan>(name: string, body: F): F {
  const prototype = body.prototype as object;
  Object.defineProperty(prototype, Symbol.iterator, {
    value(this: Plan & Startable) {
      if (this[$started]) throw usedUp(name);
      this[$started] = true;
      currentStep()?.unstarted.started(this);
      return this;
    },
  });
  Object.defineProperty(prototype, $display, {
    value: (): MimeBundle => ({
      "text/plain": `a plan: run it with await RE(${name}(...)), or in a plan with yield* ${name}(...)`,
    }),
  });
  Object.defineProperty(prototype, $planName, { value: name });
  let execution = 0;
  let times = 0;
  const make = (...args: never): Plan => {
    const made = body(...args);
    const unstarted = currentStep()?.unstarted;
    if (unstarted === undefined) return made;
    if (unstarted.id !== execution) {
      execution = unstarted.id;
      times = 0;
    }
    times += 1;
    unstarted.made(name, made, times <= STACKS_PER_PLAN ? new Error() : null);
    return made;
  };
  return make as unknown as F;
}
