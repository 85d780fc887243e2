/**
 * Plans without devices that move: what a plan would do, before it runs. It plays the messages of a plan
 * through itself and uses one preprocessor to print them. Begin with preview.ts.
 */

export type { HasDuration, PlannedMoves, PlayedPlan } from "./planPlayer";
export { checkLimits, PlanPreview, preview, printSummary, summarizePlan } from "./preview";
export { type ProbeSize, plotRasterPath, RasterPath, type RasterPathOptions } from "./rasterPath";
export {
  assertMessageAndReturnRemaining,
  type MessageFilter,
  type MessageHandler,
  RunEngineSimulator,
} from "./runEngineSimulator";
