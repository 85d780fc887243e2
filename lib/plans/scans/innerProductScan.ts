/** Scans in the form of old notebooks, with the number of points first. */
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { plan } from "../plan";
import type { ReadableMotor } from "../stubs/pointStubs";
import { checkDetectors, checkNum } from "./planArguments";
import { renamed } from "./planMetadata";
import { type Axis, type Lines, lines, relScanLines, scanLines, takeOptions } from "./scan";
import type { ScanOptions } from "./scanNd";

/** `num, motor, start, stop, motor, start, stop, ..., options?`, one signature for each number of motors as in `LineScan`. */
export interface LeadingNumScan {
  (
    detectors: readonly Readable[],
    num: number,
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    options?: ScanOptions,
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [...axis: Axis, ...axis: Axis, options?: ScanOptions]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, options?: ScanOptions]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, options?: ScanOptions]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, ...axis: Axis, options?: ScanOptions]
  ): Plan<string>;
}

/** Old form of `scan`, with the number of points first. */
export const innerProductScan = plan(
  "innerProductScan",
  function* (detectors: readonly Readable[], num: number, ...axes: readonly unknown[]): Plan<string> {
    checkDetectors("innerProductScan", detectors);
    return yield* scanLines(detectors, numFirst("innerProductScan", "inner_product_scan", num, axes));
  },
) as LeadingNumScan;

/** Old form of `relScan`, with the number of points first. */
export const relativeInnerProductScan = plan(
  "relativeInnerProductScan",
  function* (detectors: readonly Readable[], num: number, ...axes: readonly unknown[]): Plan<string> {
    checkDetectors("relativeInnerProductScan", detectors);
    const parsed = numFirst("relativeInnerProductScan", "relative_inner_product_scan", num, axes);
    return yield* relScanLines(detectors, parsed);
  },
) as LeadingNumScan;

function numFirst(name: string, planName: string, num: unknown, args: readonly unknown[]): Lines {
  checkNum(name, num);
  const axes = [...args];
  const options = takeOptions<ScanOptions>(axes);
  return lines(name, [...axes, { ...renamed(planName, options), num }]);
}
