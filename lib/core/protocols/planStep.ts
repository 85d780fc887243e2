/**
 * The step that a plan takes at this moment: what code in a plan can ask about its runner without a message.
 */

import type { UnstartedPlans } from "./unstartedPlans";

/** The step of a plan, which lasts from one message to the next. */
export interface PlanStep {
  /** The plans that this plan made and did not start. */
  readonly unstarted: UnstartedPlans;
  /** Seconds on the plan's clock, which a simulation may run faster than real time. */
  readonly time: () => number;
}

let current: PlanStep | undefined;

/** The step under way; undefined while no plan takes one. */
export function currentStep(): PlanStep | undefined {
  return current;
}

/** Forgets the step under way. Needed after code was stopped by force, since its `finally` did not run. */
export function forgetStep(): void {
  current = undefined;
}

/** Calls `take`, in which a plan takes one or several steps, with `step` as the current one. */
export function duringStep<R>(step: PlanStep, take: () => R): R {
  const before = current;
  current = step;
  try {
    return take();
  } finally {
    current = before;
  }
}

let running = 0;

/** Whether a plan runs, paused ones included. */
export function anyPlanRuns(): boolean {
  return running > 0;
}

/** Counts a plan as running until the returned function is called. */
export function planRuns(): () => void {
  running += 1;
  let ended = false;
  return () => {
    if (!ended) running -= 1;
    ended = true;
  };
}
