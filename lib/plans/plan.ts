/**
 * Makes plans of generator functions so that a plan which was called but never iterated is noticed, since
 * `mv(motor, 3)` without `yield*` would silently do nothing.
 */

// Bluesky formats the stack of every stub for that, which is most of its run time. Here a plan that is made
// while an engine runs is only noted, and forgotten when its iteration starts; stacks are kept for the first
// few calls.

import type { Plan } from "../core/protocols/msg";
import { currentStep } from "../core/protocols/planStep";
import { STACKS_PER_PLAN } from "../core/protocols/unstartedPlans";
import { $display, type MimeBundle } from "../display/mimeBundle";
import { $planName, $started, usedUp } from "../engine/loop/planSource";

interface Startable {
  [$started]?: boolean;
}

/**
 * The same function, except that its plans are reported when they never
 * start and refused when they start twice.
 */
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
    unstarted.made(name, made, times <= STACKS_PER_PLAN ? new Error() : undefined);
    return made;
  };
  Object.defineProperty(make, "name", { value: name });
  Object.defineProperty(make, $display, {
    value: (): MimeBundle => ({
      "text/plain": `${name}: makes a plan; run it with await RE(${name}(...)), or in a plan with yield* ${name}(...)`,
    }),
  });
  // The compiler cannot know that `make` takes what `body` takes and returns its plan unchanged.
  return make as unknown as F;
}
