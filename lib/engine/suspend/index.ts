/**
 * Suspenders: they hold plans while a signal says that measuring makes no sense.
 *
 * This chapter uses lib/core and `planErrors` only; it does not know the RunEngine, which calls `install`
 * and `remove`. Begin reading with `suspension`, the contract between a suspender and the engine, then
 * `signalSuspenders`, which decides when a plan is held and when it resumes.
 */

export { EndWhen, type EndWhenOptions } from "./endWhen";
export {
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  type SuspenderOptions,
  SuspendFloor,
  SuspendInBand,
  SuspendOutBand,
  SuspendWhen,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
  type ThresholdOptions,
  type WhenChangedOptions,
} from "./signalSuspenders";
export type { Suspender, Suspension, SuspensionPlan } from "./suspension";
