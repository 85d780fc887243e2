/** Twins: nodes that are simulated from a class file, or like a recording. */

export type { NodeBehaviour } from "../modules/moduleBehaviour";
export { twinDefinition } from "./twinDefinition";
export { type TwinParts, twinParts } from "./twinSource";
