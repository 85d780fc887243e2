/** Trajectories for `scanNd`, as in bluesky's `plan_patterns`. */
export { Cycler, cycler, snakeCyclers } from "./cycler";
export {
  type GridAxis,
  innerListProduct,
  innerProduct,
  linspace,
  logspace,
  outerListProduct,
  outerProduct,
} from "./patterns";
export {
  type SpiralShape,
  type SquareSpiralShape,
  spiral,
  spiralFermat,
  spiralSquarePattern,
} from "./spirals";
