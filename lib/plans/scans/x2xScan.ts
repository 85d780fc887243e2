/** Scans of two coupled motors. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkNum, checkNumbers } from "../arguments/valueArguments";
import { plan } from "../plan";
import { deviceText, functionText } from "./planMetadata";
import { relScan } from "./scan";
import type { ScanOptions } from "./scanNd";

/**
 * Moves two coupled motors relative to where they are; the second goes half as
 * far as the first, as theta with two-theta.
 * @returns the run's uid
 */
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
    checkDetectors("x2xScan", detectors);
    checkMotor("x2xScan", 2, motor1, USAGE);
    checkMotor("x2xScan", 3, motor2, USAGE);
    checkNumbers("x2xScan", { start, stop });
    checkNum("x2xScan", num);
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

const USAGE = "x2xScan([detector], motor1, motor2, start, stop, num)";
