/** Plans that make runs, as in bluesky's `plans`. */
import { relAdaptiveScan } from "./scans/adaptiveScan";
import { gridScan, relGridScan } from "./scans/gridScan";
import { relLogScan } from "./scans/logScan";
import { relListScan, relScan } from "./scans/scan";
import { relSpiral, relSpiralFermat } from "./scans/spiralScan";

export { adaptiveScan, type MdOptions, relAdaptiveScan, tuneCentroid, tweak } from "./scans/adaptiveScan";
export { type CountOptions, count } from "./scans/count";
export { fly, innerProductScan, relativeInnerProductScan, x2xScan } from "./scans/fly";
export {
  type GridScanArgs,
  type GridScanOptions,
  gridScan,
  type ListGridScanArgs,
  listGridScan,
  relGridScan,
  relListGridScan,
} from "./scans/gridScan";
export { type LogScanOptions, logScan, relLogScan } from "./scans/logScan";
export {
  RampFail,
  type RampPlanOptions,
  type RampScanOptions,
  rampPlan,
  rampScan,
  settledStep,
  type TimeScanOptions,
  timeScan,
} from "./scans/ramp";
export {
  type ListScanArgs,
  listScan,
  type NumScanOptions,
  relListScan,
  relScan,
  type ScanArgs,
  scan,
} from "./scans/scan";
export { type AnyMotor, type PerStep, type ScanOptions, scanNd } from "./scans/scanNd";
export {
  relSpiral,
  relSpiralFermat,
  relSpiralSquare,
  type SpiralOptions,
  spiral,
  spiralFermat,
  spiralSquare,
} from "./scans/spiralScan";

/** bluesky's other names. */
export const relativeScan = relScan;
export const relativeListScan = relListScan;
export const relativeLogScan = relLogScan;
export const relativeAdaptiveScan = relAdaptiveScan;
export const relativeSpiral = relSpiral;
export const relativeSpiralFermat = relSpiralFermat;
export const outerProductScan = gridScan;
export const relativeOuterProductScan = relGridScan;
