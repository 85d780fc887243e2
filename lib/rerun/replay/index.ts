/** A recording in the place of its nodes: exactly, in this process, on recorded time. */

export { ExactReplay, type ExactReplayOptions } from "./exactReplay";
