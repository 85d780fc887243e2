/** Scans in the form of old notebooks, with the number of points first. */
import type { Plan } from "../../core/msg";
import type { Readable } from "../../core/protocols";
import { plan } from "../plan";
import { checkNum } from "./planArguments";
import { renamed } from "./planMetadata";
import { type Axes, relScan, type ScanArgs, scan, takeOptions } from "./scan";
import type { ScanOptions } from "./scanNd";

/** `num, motor, start, stop, motor, start, stop, ..., options?` */
export type LeadingNumArgs = [num: number, ...axes: Axes, options: ScanOptions] | [num: number, ...axes: Axes];

/** Old form of `scan`, with the number of points first. */
export const innerProductScan = plan(
  "innerProductScan",
  function* (detectors: readonly Readable[], ...args: LeadingNumArgs): Plan<string> {
    return yield* scan(detectors, ...numLast("innerProductScan", "inner_product_scan", args));
  },
);

/** Old form of `relScan`, with the number of points first. */
export const relativeInnerProductScan = plan(
  "relativeInnerProductScan",
  function* (detectors: readonly Readable[], ...args: LeadingNumArgs): Plan<string> {
    return yield* relScan(detectors, ...numLast("relativeInnerProductScan", "relative_inner_product_scan", args));
  },
);

function numLast(name: string, planName: string, [num, ...rest]: LeadingNumArgs): ScanArgs {
  checkNum(name, num);
  const axes: unknown[] = rest;
  const options = takeOptions<ScanOptions>(axes);
  return [...axes, { ...renamed(planName, options), num }] as unknown as ScanArgs;
}
