/**
 * Trajectories for `scanNd`: which motor goes where, point by point, as in bluesky's `plan_patterns`.
 * They are plain data and use nothing of plans or engines. Begin with cycler.ts, which all others return.
 */

export { Cycler, cycler, snakeCyclers } from "./cycler";
export { type GridAxis, innerListProduct, innerProduct, outerListProduct, outerProduct } from "./products";
export { arange, geomspace, type LogspaceOptions, linspace, logspace, range, type SpacingOptions } from "./spacing";
export {
  type SpiralShape,
  type SquareSpiralShape,
  spiralFermatPattern as spiralFermat,
  spiralPattern as spiral,
  spiralSquarePattern,
} from "./spirals";
