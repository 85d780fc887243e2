/** Plans that make runs, as in bluesky's `plans`. */
import { relAdaptiveScan } from "./scans/adaptiveScan";
import { gridScan, relGridScan } from "./scans/gridScan";
import { relLogScan } from "./scans/logScan";
import { relListScan, relScan } from "./scans/scan";
import { relSpiral, relSpiralFermat } from "./scans/spiralScan";

export { type AdaptiveScanArgs, adaptiveScan, type MdOptions, relAdaptiveScan } from "./scans/adaptiveScan";
export { type CountOptions, count } from "./scans/count";
export { fly } from "./scans/fly";
export {
  type GridScan,
  type GridScanOptions,
  gridScan,
  listGridScan,
  relGridScan,
  relListGridScan,
} from "./scans/gridScan";
export { innerProductScan, type LeadingNumScan, relativeInnerProductScan } from "./scans/innerProductScan";
export { type LogScanArgs, type LogScanOptions, logScan, relLogScan } from "./scans/logScan";
export { RampFail } from "./scans/rampFail";
export { type RampPlanOptions, rampPlan } from "./scans/rampPlan";
export { type RampScanOptions, rampScan } from "./scans/rampScan";
export {
  type LineScan,
  type ListScan,
  listScan,
  type NumScanOptions,
  relListScan,
  relScan,
  scan,
} from "./scans/scan";
export { type AnyMotor, type PerStep, type ScanOptions, scanNd } from "./scans/scanNd";
export { settledStep } from "./scans/settle";
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
} from "./scans/spiralScan";
export { type TimeScanOptions, timeScan } from "./scans/timeScan";

export { type TuneCentroidArgs, tuneCentroid } from "./scans/tuneCentroid";
export { tweak } from "./scans/tweak";
export { x2xScan } from "./scans/x2xScan";

/** Bluesky's other name of `relScan`. */
export const relativeScan = relScan;
/** Bluesky's other name of `relListScan`. */
export const relativeListScan = relListScan;
/** Bluesky's other name of `relLogScan`. */
export const relativeLogScan = relLogScan;
/** Bluesky's other name of `relAdaptiveScan`. */
export const relativeAdaptiveScan = relAdaptiveScan;
/** Bluesky's other name of `relSpiral`. */
export const relativeSpiral = relSpiral;
/** Bluesky's other name of `relSpiralFermat`. */
export const relativeSpiralFermat = relSpiralFermat;
/** Bluesky's other name of `gridScan`. */
export const outerProductScan = gridScan;
/** Bluesky's other name of `relGridScan`. */
export const relativeOuterProductScan = relGridScan;
