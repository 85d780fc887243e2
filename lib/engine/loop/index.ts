/**
 * The message loop: takes the messages of a plan one after the other and does what each says.
 *
 * This chapter uses `suspend/` and `documents/`; it shows nothing, since notices and results are made above
 * it. Begin reading with `messageLoop`, which also keeps a pause that waits for a checkpoint, then
 * `commandContext` and the commands in `commands/`; `pauseCycle` and `rewindCache` do pauses, `planCleanup`
 * and `hardware` the end.
 */

export type { StopPolicy } from "./hardware";
export type { PlanSource } from "./planSource";
export { $planName, $started, takePlan, usedUp } from "./planSource";
export { planTime } from "./planTime";
