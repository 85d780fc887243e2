import type { Plan } from "../../core/msg";
import type { Collectable, Flyable, Readable } from "../../core/protocols";
import { plan } from "../plan";
import { collect, complete, kickoff } from "../stubs/flyStubs";
import type { ReadableMotor } from "../stubs/pointStubs";
import { closeRun, openRun } from "../stubs/runStubs";
import type { MdOptions } from "./adaptiveScan";
import { deviceText, functionText } from "./planMetadata";
import { type Axes, relScan, type ScanArgs, scan, takeOptions } from "./scan";
import type { ScanOptions } from "./scanNd";

/** Lets flyers fly, one after the other, and collects what they have. @returns the run's uid */
export const fly = plan(
  "fly",
  function* (flyers: readonly (Flyable & Collectable)[], options: MdOptions = {}): Plan<string> {
    const uid = yield* openRun(options.md);
    for (const flyer of flyers) yield* kickoff(flyer, { wait: true });
    for (const flyer of flyers) yield* complete(flyer, { wait: true });
    for (const flyer of flyers) yield* collect(flyer);
    yield* closeRun();
    return uid;
  },
);

/** Two coupled motors, relative: the second goes half as far as the first (theta and two-theta). @returns the run's uid */
export const x2xScan = plan(
  "x2xScan",
  function* (
    detectors: readonly Readable[],
    motor1: ReadableMotor<number>,
    motor2: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number,
    options: ScanOptions = {},
  ): Plan<string> {
    const md = {
      plan_name: "x2x_scan",
      plan_args: {
        detectors: detectors.map(deviceText),
        motor1: motor1.name,
        motor2: motor2.name,
        start,
        stop,
        num,
        per_step: functionText(options.perStep),
      },
      ...options.md,
    };
    return yield* relScan(detectors, motor1, start, stop, motor2, start / 2, stop / 2, num, { ...options, md });
  },
);

/** `num, motor, start, stop, motor, start, stop, ..., options?` */
export type LeadingNumArgs = [num: number, ...axes: Axes, options: ScanOptions] | [num: number, ...axes: Axes];

/** Old form of `scan`, with the number of points first. */
export const innerProductScan = plan(
  "innerProductScan",
  function* (detectors: readonly Readable[], ...args: LeadingNumArgs): Plan<string> {
    return yield* scan(detectors, ...numLast("inner_product_scan", args));
  },
);

/** Old form of `relScan`, with the number of points first. */
export const relativeInnerProductScan = plan(
  "relativeInnerProductScan",
  function* (detectors: readonly Readable[], ...args: LeadingNumArgs): Plan<string> {
    return yield* relScan(detectors, ...numLast("relative_inner_product_scan", args));
  },
);

function numLast(planName: string, [num, ...rest]: LeadingNumArgs): ScanArgs {
  const axes: unknown[] = rest;
  const options = takeOptions<ScanOptions>(axes);
  return [...axes, num, { ...options, md: { plan_name: planName, ...options.md } }] as unknown as ScanArgs;
}
