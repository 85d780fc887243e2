/** Scans along straight lines, all motors together. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { type AnyMotor, checkDetectors, type ReadableMotor } from "../arguments/deviceArguments";
import { innerProduct } from "../patterns/products";
import { plan } from "../plan";
import { checkPositions, type Ranges } from "./checkPositions";
import { deviceText, documentedName, functionInPlanArgs, jointDimension, withMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";
import {
  type LineRange,
  type LineScanArgs,
  type NamedLineScan,
  type NumScanOptions,
  readLineScanArgs,
} from "./scanArguments";
import { type ScanOptions, scanNd } from "./scanNd";

export type { LineRange, NamedLineScan, NumScanOptions } from "./scanArguments";

/** A motor and its first and last position. */
export type LineAxis = [motor: ReadableMotor<number>, start: number, stop: number];
type Num = [num: number | NumScanOptions, options?: ScanOptions];

/**
 * `motor, start, stop, motor, start, stop, ..., num, options?`; `num` may be in the options instead, and for
 * one motor also `start`, `stop` and the motor.
 *
 * There is one signature for each number of motors, so that the compiler points at the argument
 * that is wrong; a union of them would not do that. The first one is written out, since the
 * compiler names a missing argument only then.
 */
export interface LineScan {
  (
    detectors: readonly Readable[],
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number | NumScanOptions,
  ): Plan<string>;
  (detectors: readonly Readable[], ...args: [...axis: LineAxis, num: number, options: ScanOptions]): Plan<string>;
  (detectors: readonly Readable[], motor: ReadableMotor<number>, range: LineRange): Plan<string>;
  (detectors: readonly Readable[], options: NamedLineScan): Plan<string>;
  (detectors: readonly Readable[], ...args: [...axis: LineAxis, ...axis: LineAxis, ...num: Num]): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: LineAxis, ...axis: LineAxis, ...axis: LineAxis, ...num: Num]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [...axis: LineAxis, ...axis: LineAxis, ...axis: LineAxis, ...axis: LineAxis, ...num: Num]
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    ...args: [
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...axis: LineAxis,
      ...num: Num,
    ]
  ): Plan<string>;
}

/**
 * Moves motors along lines from start to stop (both included) in `num` points:
 * `scan([det], motor, 0, 10, 11)`, or `scan([det], motor, { start: 0, stop: 10, num: 11 })`.
 * @returns the run's uid
 */
export const scan = plan("scan", function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
  checkDetectors("scan", detectors);
  const parsed = readLineScanArgs("scan", args);
  yield* checkPositions(rangesOf(parsed));
  return yield* scanLines("scan", detectors, parsed);
}) as LineScan;

/** Like `scan`, with positions relative to where the motors are. It moves them back there at its end. */
export const relScan = plan(
  "relScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    checkDetectors("relScan", detectors);
    return yield* relScanLines("relScan", detectors, readLineScanArgs("relScan", args));
  },
) as LineScan;

/** Does `scan`. @param name the name of the plan in its start document and messages */
export function* scanLines(
  name: string,
  detectors: readonly Readable[],
  { axes, num, options }: LineScanArgs,
): Plan<string> {
  const motors = axes.map((axis) => axis.motor);
  const texts = axes.flatMap(({ motor, start, stop }) => [deviceText(motor), start, stop]);
  const md = withMetadata(
    {
      plan_args: {
        detectors: detectors.map(deviceText),
        num,
        args: texts,
        per_step: functionInPlanArgs(options.perStep),
      },
      plan_name: documentedName(name),
      plan_pattern: "inner_product",
      plan_pattern_module: "bluesky.plan_patterns",
      plan_pattern_args: { num, args: texts },
      motors: motors.map((motor) => motor.name),
    },
    options.md,
    jointDimension(motors),
  );
  return yield* scanNd(detectors, innerProduct<AnyMotor>(num, axes), { ...options, md });
}

/** Does `relScan`. @param name the name of the plan in its start document and messages */
export function relScanLines(name: string, detectors: readonly Readable[], args: LineScanArgs): Plan<string> {
  return relativeToStart(rangesOf(args), scanLines(name, detectors, args));
}

/** The ends of the lines of all motors. */
export const rangesOf = ({ axes }: Pick<LineScanArgs, "axes">): Ranges =>
  axes.map(({ motor, start, stop }) => [motor, [start, stop]] as const);
