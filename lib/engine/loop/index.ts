/**
 * The message loop: takes the messages of a plan one after the other and does what each says.
 *
 * This chapter uses `suspend/` and `documents/`; it shows nothing, since notices and results are made above
 * it. Begin reading with `messageLoop`, then `commandContext` and the commands in `commands/`;
 * `planInterruptions` serves pauses, suspensions and ends by means of `pauseCycle` and `rewindCache`, and
 * `planCleanup` and `hardware` do the end.
 */

export type { StopPolicy } from "./hardware";
export type { PlanSource } from "./planSource";
export { $planName, $started, takePlan, usedUp } from "./planSource";
export { planTime } from "./planTime";
