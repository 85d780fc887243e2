import type { Plan } from "../../core/msg";
import type { Readable } from "../../core/protocols";
import { logspace } from "../patterns";
import { plan } from "../plan";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { one1dStep, type ReadableMotor } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { checkDetectors, checkNum, deviceText, functionText, motorDimensions, withMetadata } from "./planMetadata";

/** Options of `logScan`, the last argument. */
export interface LogScanOptions {
  /** Measures a point instead of `one1dStep`. */
  readonly perStep?: (detectors: readonly Readable[], motor: ReadableMotor<number>, step: number) => Plan;
  readonly md?: PlanMetadata;
}

/** Moves a motor from 10^`start` to 10^`stop` in `num` points with equal ratios. @returns the run's uid */
export const logScan = plan(
  "logScan",
  function* (
    detectors: readonly Readable[],
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number,
    options: LogScanOptions = {},
  ): Plan<string> {
    checkDetectors("logScan", detectors);
    checkNum("logScan", num);
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
  },
);

/** Like `logScan`, relative to where the motor is; it goes back there at the end. */
export const relLogScan = plan(
  "relLogScan",
  function* (
    detectors: readonly Readable[],
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number,
    options: LogScanOptions = {},
  ): Plan<string> {
    const md = { plan_name: "rel_log_scan", ...options.md };
    const inner = logScan(detectors, motor, start, stop, num, { ...options, md });
    return yield* resetPositionsWrapper(relativeSetWrapper(inner, [motor]), [motor]);
  },
);
