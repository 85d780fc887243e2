/**
 * Replays a recording instead of its nodes: exactly, in this process, on recorded time.
 *
 * This chapter uses `format`, `record` and `twin`, and the wire of secop/. Begin reading with
 * `replaySession`, then `exactReplay`; `recordedRequests` finds the answer of a request, and `virtualClock`
 * is the recorded time.
 */

export { type CellGlobals, useCellGlobals } from "./cellGlobals";
export { ExactReplay } from "./exactReplay";
export type { ExactReplayOptions } from "./exactReplayOptions";
export { currentReplay, type ReplayOptions, type RunningReplay, startReplay } from "./replaySession";
