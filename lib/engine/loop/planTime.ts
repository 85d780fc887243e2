/** The clock of a plan, which stands still while the plan can't go on. */

import { timeNow } from "../../clock";
import { currentStep } from "../../core/protocols/planStep";

/**
 * Seconds on the clock of the plan that calls this. The clock stands still while the plan is paused or
 * suspended and while messages are done again after a pause; in a preview it is simulated. So a timeout
 * measured with it counts only time in which the plan could go on. Only differences are meaningful: `const
 * started = planTime()`, later `planTime() - started`. Outside of a running plan it is the time of day (unix
 * seconds).
 */
export function planTime(): number {
  return currentStep()?.time() ?? timeNow();
}
