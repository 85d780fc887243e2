/** Scans of two coupled motors. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import type { OptionNames } from "../../options";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { checkNum, checkNumbers } from "../arguments/valueArguments";
import { plan } from "../plan";
import { deviceText, functionInPlanArgs, overridden } from "./planMetadata";
import { type LineRange, type NumScanOptions, relScan } from "./scan";
import type { ScanOptions } from "./scanNd";

/** The arguments of `x2xScan` after the detectors, by name. */
export interface NamedX2xScan extends LineRange {
  readonly motor1: ReadableMotor<number>;
  /** Goes half as far. */
  readonly motor2: ReadableMotor<number>;
}

/** By position, or from the range on, or all by name. */
export interface X2xScan {
  (
    detectors: readonly Readable[],
    motor1: ReadableMotor<number>,
    motor2: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number | NumScanOptions,
    options?: ScanOptions,
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    motor1: ReadableMotor<number>,
    motor2: ReadableMotor<number>,
    range: LineRange,
  ): Plan<string>;
  (detectors: readonly Readable[], options: NamedX2xScan): Plan<string>;
}

const POSITIONS = ["motor1", "motor2", "start", "stop", "num"] as const;
const NAMES: OptionNames<NamedX2xScan> = {
  motor1: true,
  motor2: true,
  start: true,
  stop: true,
  num: true,
  perStep: true,
  md: true,
};

/**
 * Moves two coupled motors relative to where they are; the second goes half as
 * far as the first, as theta with two-theta.
 * @returns the run's uid
 */
export const x2xScan = plan(
  "x2xScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const given = namedArguments("x2xScan", args, POSITIONS, NAMES);
    const { motor1: first, motor2: second } = given;
    checkDetectors("x2xScan", detectors);
    checkMotor("x2xScan", 2, first, USAGE);
    checkMotor("x2xScan", 3, second, USAGE);
    checkGiven("x2xScan", given, POSITIONS, USAGE);
    const { motor1, motor2, start, stop, num, ...options } = given;
    checkNumbers("x2xScan", { start, stop });
    checkNum("x2xScan", num);
    const plan_args = {
      detectors: detectors.map(deviceText),
      motor1: motor1.name,
      motor2: motor2.name,
      start,
      stop,
      num,
      per_step: functionInPlanArgs(options.perStep),
    };
    const md = overridden({ plan_name: "x2x_scan", plan_args }, options.md);
    return yield* relScan(detectors, motor1, start, stop, motor2, start / 2, stop / 2, num, { ...options, md });
  },
) as X2xScan;

const USAGE = "x2xScan([detector], motor1, motor2, start, stop, num)";
