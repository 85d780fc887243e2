/** Scans with equal ratios between positions. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkMaker, checkNum, checkNumbers } from "../arguments/valueArguments";
import { logspace } from "../patterns/spacing";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { one1dStep } from "../stubs/pointStubs";
import {
  deviceText,
  documentedName,
  functionText,
  type MdOptions,
  motorDimensions,
  withMetadata,
} from "./planMetadata";
import { relativeToStart } from "./relativeToStart";

/** Options of `logScan`, the last argument. */
export interface LogScanOptions extends MdOptions {
  /** Makes the plan of one point; default `one1dStep`. */
  readonly perStep?: (detectors: readonly Readable[], motor: ReadableMotor<number>, step: number) => Plan;
}

/** Arguments of `logScan` after the detectors. */
export type LogScanArgs = [
  motor: ReadableMotor<number>,
  /** The exponent of 10 of the first position. */
  start: number,
  /** The exponent of 10 of the last position. */
  stop: number,
  /** The number of points. */
  num: number,
  options?: LogScanOptions | undefined,
];

/** Moves a motor from 10^`start` to 10^`stop` in `num` points with equal ratios. @returns the run's uid */
export const logScan = plan("logScan", function* (detectors: readonly Readable[], ...args: LogScanArgs): Plan<string> {
  return yield* logRun("logScan", detectors, args);
});

/**
 * Like `logScan`, with positions relative to where the motor is. It moves the motor back there at its end.
 */
export const relLogScan = plan(
  "relLogScan",
  function* (detectors: readonly Readable[], ...args: LogScanArgs): Plan<string> {
    const [motor] = args;
    return yield* relativeToStart([motor], logRun("relLogScan", detectors, args));
  },
);

function* logRun(name: string, detectors: readonly Readable[], args: LogScanArgs): Plan<string> {
  const [motor, start, stop, num, options = {}] = args;
  checkDetectors(name, detectors);
  checkMotor(name, 2, motor, `${name}([detector], motor, start, stop, num)`);
  checkNumbers(name, { start, stop });
  checkNum(name, num);
  checkMaker(name, { perStep: options.perStep });
  const { perStep = one1dStep } = options;
  const md = withMetadata(
    {
      detectors: detectors.map((detector) => detector.name),
      motors: [motor.name],
      num_points: num,
      num_intervals: num - 1,
      plan_args: {
        detectors: detectors.map(deviceText),
        num,
        start,
        stop,
        motor: deviceText(motor),
        per_step: functionText(options.perStep),
      },
      plan_name: documentedName(name),
      plan_pattern: "logspace",
      plan_pattern_module: "numpy",
      plan_pattern_args: { start, stop, num },
    },
    options.md,
    motorDimensions([motor]),
  );
  function* points(): Plan<void> {
    for (const step of logspace(start, stop, num)) yield* perStep(detectors, motor, step);
  }
  return yield* stageWrapper(runWrapper(points(), { md }), [...detectors, motor]);
}
