/** A recording in the place of its nodes: exactly, in this process, on recorded time. */

export { type CellGlobals, useCellGlobals } from "./cellGlobals";
export { ExactReplay } from "./exactReplay";
export type { ExactReplayOptions } from "./exactReplayOptions";
export { currentReplay, type ReplayOptions, type RunningReplay, startReplay } from "./replaySession";
