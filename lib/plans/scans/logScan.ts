/** Scans with equal ratios between positions. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import type { OptionNames } from "../../options";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { checkMaker, checkNum, checkNumbers, madePlan } from "../arguments/valueArguments";
import { logspace } from "../patterns/spacing";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { one1dStep } from "../stubs/pointStubs";
import { checkPositions, type Ranges } from "./checkPositions";
import {
  deviceText,
  documentedName,
  functionInPlanArgs,
  type MdOptions,
  motorDimensions,
  withMetadata,
} from "./planMetadata";
import { relativeToStart } from "./relativeToStart";

/** Options of `logScan`. */
export interface LogScanOptions extends MdOptions {
  /** Makes the plan of one point; default `one1dStep`. */
  readonly perStep?: (detectors: readonly Readable[], motor: ReadableMotor<number>, step: number) => Plan;
}

/** The positions of `logScan`, by name. */
export interface LogRange extends LogScanOptions {
  /** The exponent of 10 of the first position. */
  readonly start: number;
  /** The exponent of 10 of the last position. */
  readonly stop: number;
  /** The number of points. */
  readonly num: number;
}

/** The arguments of `logScan` after the detectors, by name. */
export interface NamedLogScan extends LogRange {
  readonly motor: ReadableMotor<number>;
}

/** `start` and `stop` are exponents of 10. By position, or from the motor or the range on by name. */
export interface LogScan {
  (
    detectors: readonly Readable[],
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    num: number | (LogScanOptions & Pick<LogRange, "num">),
    options?: LogScanOptions,
  ): Plan<string>;
  (detectors: readonly Readable[], motor: ReadableMotor<number>, range: LogRange): Plan<string>;
  (detectors: readonly Readable[], options: NamedLogScan): Plan<string>;
}

const NAMES: OptionNames<NamedLogScan> = {
  motor: true,
  start: true,
  stop: true,
  num: true,
  perStep: true,
  md: true,
};

/** Moves a motor from 10^`start` to 10^`stop` in `num` points with equal ratios. @returns the run's uid */
export const logScan = plan(
  "logScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const given = readLogArgs("logScan", detectors, args);
    yield* checkPositions(rangesOf(given));
    return yield* logRun("logScan", detectors, given);
  },
) as LogScan;

/**
 * Like `logScan`, with positions relative to where the motor is. It moves the motor back there at its end.
 */
export const relLogScan = plan(
  "relLogScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const given = readLogArgs("relLogScan", detectors, args);
    return yield* relativeToStart(rangesOf(given), logRun("relLogScan", detectors, given));
  },
) as LogScan;

const rangesOf = ({ motor, start, stop }: NamedLogScan): Ranges => [[motor, [10 ** start, 10 ** stop]]];

function readLogArgs(name: string, detectors: readonly Readable[], given: readonly unknown[]): NamedLogScan {
  const usage = `${name}([detector], motor, start, stop, num)`;
  const args = namedArguments(name, given, ["motor", "start", "stop", "num"], NAMES);
  checkDetectors(name, detectors);
  checkMotor(name, 2, args.motor, usage);
  checkGiven(name, args, ["motor", "start", "stop", "num"], usage);
  checkNumbers(name, { start: args.start, stop: args.stop });
  checkNum(name, args.num);
  checkMaker(name, { perStep: args.perStep });
  return args;
}

function* logRun(name: string, detectors: readonly Readable[], args: NamedLogScan): Plan<string> {
  const { motor, start, stop, num, ...options } = args;
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
        per_step: functionInPlanArgs(options.perStep),
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
    for (const step of logspace(start, stop, num)) {
      yield* madePlan(name, "perStep", perStep(detectors, motor, step));
    }
  }
  return yield* stageWrapper(runWrapper(points(), { md }), [...detectors, motor]);
}
