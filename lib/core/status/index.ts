/**
 * Actions that take time: the status of one that is under way, how long to wait for it, and the plan of a
 * command.
 *
 * This chapter uses `protocols`. Begin reading with `status`.
 */

export { type AwaitedMove, onAwaitedMove } from "./awaitedMove";
export { type CommandCall, callPlan, writtenCommand } from "./callPlan";
export { type DeadlineOptions, deadline, TimeoutError, withDeadline } from "./deadline";
export { Status, WatchableStatus } from "./status";
export { causedByUs } from "./unwatchedFailures";
