/**
 * Twins: nodes that are simulated from a description, from a class file, or like a recording.
 *
 * This chapter uses `node` and `modules` of this folder, lib/codegen for class files and lib/rerun/format
 * for recordings. Begin reading with `twinSource`, what a twin is made from, then `twinDefinition`;
 * `recordedBehaviour`, `recordedMoves` and `recordedFollowers` find out how a recorded node behaved.
 */

export type { NodeBehaviour } from "../modules/moduleBehaviour";
export { twinDefinition } from "./twinDefinition";
export { type TwinParts, twinParts } from "./twinSource";
