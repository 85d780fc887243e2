import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { logspace } from "../patterns/patterns";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { one1dStep, type ReadableMotor } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { around } from "./around";
import { checkDetectors, checkMaker, checkMotor, checkNum, checkNumbers } from "./planArguments";
import { deviceText, functionText, motorDimensions, renamed, withMetadata } from "./planMetadata";

/** Options of `logScan`, the last argument. */
export interface LogScanOptions {
  /** Measures a point instead of `one1dStep`. */
  readonly perStep?: (detectors: readonly Readable[], motor: ReadableMotor<number>, step: number) => Plan;
  readonly md?: PlanMetadata;
}

/** Arguments of `logScan` after the detectors. */
export type LogScanArgs = [
  motor: ReadableMotor<number>,
  /** Exponent of 10. */
  start: number,
  /** Exponent of 10. */
  stop: number,
  num: number,
  options?: LogScanOptions | undefined,
];

/** Moves a motor from 10^`start` to 10^`stop` in `num` points with equal ratios. @returns the run's uid */
export const logScan = plan("logScan", function* (detectors: readonly Readable[], ...args: LogScanArgs): Plan<string> {
  const [motor, start, stop, num, options = {}] = args;
  checkDetectors("logScan", detectors);
  checkMotor("logScan", 2, motor, "logScan([detector], motor, start, stop, num)");
  checkNumbers("logScan", { start, stop });
  checkNum("logScan", num);
  checkMaker("logScan", { perStep: options.perStep });
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
      plan_name: "log_scan",
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
});

/** Like `logScan`, relative to where the motor is; it goes back there at the end. */
export const relLogScan = plan(
  "relLogScan",
  function* (detectors: readonly Readable[], ...args: LogScanArgs): Plan<string> {
    const [motor, start, stop, num, options = {}] = args;
    return yield* around([motor], logScan(detectors, motor, start, stop, num, renamed("rel_log_scan", options)));
  },
);
