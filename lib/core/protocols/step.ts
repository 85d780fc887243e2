/** The step a plan takes at this moment: what it can know of who runs it, without a message. */
import type { Unstarted } from "./unstarted";

export interface Step {
  /** The plans it made and did not start. */
  readonly unstarted: Unstarted;
  /** Seconds on the plan's clock. */
  readonly time: () => number;
}

let current: Step | null = null;

/** Null while no plan takes a step. */
export function currentStep(): Step | null {
  return current;
}

/** After code was stopped by force: it left no step behind it. */
export function forgetStep(): void {
  current = null;
}

/** Calls `take`, in which a plan takes one step or several. */
export function during<R>(step: Step, take: () => R): R {
  const before = current;
  current = step;
  try {
    return take();
  } finally {
    current = before;
  }
}
