/**
 * Plans that make runs, as in bluesky's `plans`.
 *
 * Each plan checks its arguments (lib/plans/arguments), describes itself in the start document
 * (planMetadata.ts), and measures by stubs within preprocessors. Plans that know their positions beforehand
 * ask the motors for their limits before the first point (checkPositions.ts). Begin with count.ts; most
 * scans end in scanNd.ts, and the relative ones go through relativeToStart.ts.
 */

import { relAdaptiveScan } from "./adaptiveScan";
import { gridScan, relGridScan } from "./gridScan";
import { relListScan } from "./listScan";
import { relLogScan } from "./logScan";
import { relScan } from "./scan";
import { relSpiral, relSpiralFermat } from "./spiralScan";

export type { AnyMotor } from "../arguments/deviceArguments";
export { RampFail } from "../rampFail";
export {
  type AdaptiveRange,
  type AdaptiveScan,
  type AdaptiveScanOptions,
  adaptiveScan,
  type NamedAdaptiveScan,
  relAdaptiveScan,
} from "./adaptiveScan";
export { type CountOptions, count } from "./count";
export { fly } from "./fly";
export { type GridScan, type GridScanOptions, gridScan, relGridScan } from "./gridScan";
export { innerProductScan, type LeadingNumScan, relativeInnerProductScan } from "./innerProductScan";
export { listGridScan, relListGridScan } from "./listGridScan";
export { type ListScan, listScan, relListScan } from "./listScan";
export { type LogRange, type LogScan, type LogScanOptions, logScan, type NamedLogScan, relLogScan } from "./logScan";
export type { MdOptions } from "./planMetadata";
export { type RampPlanOptions, rampPlan } from "./rampPlan";
export { type RampScanOptions, rampScan } from "./rampScan";
export {
  type LineRange,
  type LineScan,
  type NamedLineScan,
  type NumScanOptions,
  relScan,
  scan,
} from "./scan";
export type { NamedListScan } from "./scanArguments";
export { type PerStep, type ScanOptions, scanNd } from "./scanNd";
export { settledStep } from "./settledStep";
export {
  type FermatSpiral,
  type RelativeSpiral,
  type RingSpiral,
  relSpiral,
  relSpiralFermat,
  relSpiralSquare,
  type SpiralCenter,
  type SpiralOptions,
  type SpiralScan,
  type SpiralStart,
  type SquareSpiral,
  spiral,
  spiralFermat,
  spiralSquare,
} from "./spiralScan";
export { type NamedTimeScan, type TimeScanOptions, timeScan } from "./timeScan";
export {
  type NamedTuneCentroid,
  type TuneCentroid,
  type TuneCentroidOptions,
  type TuneRange,
  tuneCentroid,
} from "./tuneCentroid";
export { type NamedTweak, type Tweak, tweak } from "./tweak";
export { type NamedX2xScan, type X2xScan, x2xScan } from "./x2xScan";

/** Bluesky's other name for `relScan`. */
export const relativeScan = relScan;
/** Bluesky's other name for `relListScan`. */
export const relativeListScan = relListScan;
/** Bluesky's other name for `relLogScan`. */
export const relativeLogScan = relLogScan;
/** Bluesky's other name for `relAdaptiveScan`. */
export const relativeAdaptiveScan = relAdaptiveScan;
/** Bluesky's other name for `relSpiral`. */
export const relativeSpiral = relSpiral;
/** Bluesky's other name for `relSpiralFermat`. */
export const relativeSpiralFermat = relSpiralFermat;
/** Bluesky's other name for `gridScan`. */
export const outerProductScan = gridScan;
/** Bluesky's other name for `relGridScan`. */
export const relativeOuterProductScan = relGridScan;
