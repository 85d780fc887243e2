import { currentStep } from "../../core/protocols/planStep";

/**
 * Seconds on the clock of the plan that asks. It stands still while the plan is paused or suspended and while it is done again up
 * to where it was, and is played in a preview; so a timeout is time in which the plan could get on. Only differences mean something:
 * `const started = planTime()`, later `planTime() - started`. Outside of a running plan it is the time of day.
 */
export function planTime(): number {
  return currentStep()?.time() ?? Date.now() / 1000;
}
