/**
 * How far a run is, what its plan waits for, and whether the plan is paused or suspended.
 *
 * It takes the states and statuses of an engine and makes progress bars for the display; it uses what all
 * views are made of. Begin with planWatch.ts.
 */

export { MoveLines } from "./moveLines";
export type { WatchedStatus } from "./movingDevices";
export { PlanWatch } from "./planWatch";
export { runProgress } from "./runProgress";
