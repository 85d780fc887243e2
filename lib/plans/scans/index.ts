/**
 * Plans that make runs, as in bluesky's `plans`. Each checks its arguments, describes itself in the start
 * document (planMetadata.ts), and measures by stubs within preprocessors. Begin with count.ts; most scans end
 * in scanNd.ts, and the relative ones go through relativeToStart.ts.
 */

import { relAdaptiveScan } from "./adaptiveScan";
import { gridScan, relGridScan } from "./gridScan";
import { relListScan } from "./listScan";
import { relLogScan } from "./logScan";
import { relScan } from "./scan";
import { relSpiral, relSpiralFermat } from "./spiralScan";

export type { AnyMotor } from "../arguments/deviceArguments";
export { RampFail } from "../rampFail";
export { type AdaptiveScanArgs, adaptiveScan, relAdaptiveScan } from "./adaptiveScan";
export { type CountOptions, count } from "./count";
export { fly } from "./fly";
export { type GridScan, type GridScanOptions, gridScan, relGridScan } from "./gridScan";
export { innerProductScan, type LeadingNumScan, relativeInnerProductScan } from "./innerProductScan";
export { listGridScan, relListGridScan } from "./listGridScan";
export { type ListScan, listScan, relListScan } from "./listScan";
export { type LogScanArgs, type LogScanOptions, logScan, relLogScan } from "./logScan";
export type { MdOptions } from "./planMetadata";
export { type RampPlanOptions, rampPlan } from "./rampPlan";
export { type RampScanOptions, rampScan } from "./rampScan";
export { type LineScan, type NumScanOptions, relScan, scan } from "./scan";
export { type PerStep, type ScanOptions, scanNd } from "./scanNd";
export { settledStep } from "./settledStep";
export {
  type FermatSpiralArgs,
  type RingSpiralArgs,
  relSpiral,
  relSpiralFermat,
  relSpiralSquare,
  type SpiralOptions,
  type SquareSpiralArgs,
  spiral,
  spiralFermat,
  spiralSquare,
} from "./spiralScan";
export { type TimeScanOptions, timeScan } from "./timeScan";
export { type TuneCentroidArgs, tuneCentroid } from "./tuneCentroid";
export { tweak } from "./tweak";
export { x2xScan } from "./x2xScan";

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
