/** The step a plan takes at this moment: what it can know of who runs it, without a message. */
import type { UnstartedPlans } from "./unstartedPlans";

export interface PlanStep {
  /** The plans it made and did not start. */
  readonly unstarted: UnstartedPlans;
  /** Seconds on the plan's clock. */
  readonly time: () => number;
}

let current: PlanStep | null = null;

/** Null while no plan takes a step. */
export function currentStep(): PlanStep | null {
  return current;
}

/** After code was stopped by force: it left no step behind it. */
export function forgetStep(): void {
  current = null;
}

/** Calls `take`, in which a plan takes one step or several. */
export function duringStep<R>(step: PlanStep, take: () => R): R {
  const before = current;
  current = step;
  try {
    return take();
  } finally {
    current = before;
  }
}
