/** Scans in an old form of bluesky, with the number of points first. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { checkDetectors, type ReadableMotor } from "../arguments/deviceArguments";
import { takeOptions } from "../arguments/namedArguments";
import { checkNum } from "../arguments/valueArguments";
import { plan } from "../plan";
import { checkPositions } from "./checkPositions";
import { type LineAxis, rangesOf, relScanLines, scanLines } from "./scan";
import { type LineScanArgs, readLineScanArgs, SCAN_NAMES } from "./scanArguments";
import type { ScanOptions } from "./scanNd";

/**
 * `num, motor, start, stop, motor, start, stop, ..., options?`, with one signature
 * for each number of motors as in `LineScan`.
 */
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
    ...args: [...axis: LineAxis, ...axis: LineAxis, options?: ScanOptions]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [...axis: LineAxis, ...axis: LineAxis, ...axis: LineAxis, options?: ScanOptions]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [...axis: LineAxis, ...axis: LineAxis, ...axis: LineAxis, ...axis: LineAxis, options?: ScanOptions]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    num: number,
    ...args: [
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...axis: LineAxis,
      options?: ScanOptions,
    ]
  ): Plan<string>;
}

/** The old form of `scan`, with the number of points first. @returns the run's uid */
export const innerProductScan = plan(
  "innerProductScan",
  function* (detectors: readonly Readable[], num: number, ...axes: readonly unknown[]): Plan<string> {
    checkDetectors("innerProductScan", detectors);
    const parsed = readNumFirst("innerProductScan", num, axes);
    yield* checkPositions(rangesOf(parsed));
    return yield* scanLines("innerProductScan", detectors, parsed);
  },
) as LeadingNumScan;

/** The old form of `relScan`, with the number of points first. @returns the run's uid */
export const relativeInnerProductScan = plan(
  "relativeInnerProductScan",
  function* (detectors: readonly Readable[], num: number, ...axes: readonly unknown[]): Plan<string> {
    checkDetectors("relativeInnerProductScan", detectors);
    const parsed = readNumFirst("relativeInnerProductScan", num, axes);
    return yield* relScanLines("relativeInnerProductScan", detectors, parsed);
  },
) as LeadingNumScan;

/** Reads `num` and `motor, start, stop, ..., options?`. */
function readNumFirst(name: string, num: unknown, args: readonly unknown[]): LineScanArgs {
  checkNum(name, num);
  const axes = [...args];
  const options = takeOptions(name, axes, SCAN_NAMES);
  return readLineScanArgs(name, [...axes, { ...options, num }]);
}
