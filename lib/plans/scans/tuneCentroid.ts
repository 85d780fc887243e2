/** Finds the centroid of a peak. */

import { valueWithUnit } from "../../core/device/valueWithUnit";
import { Msg, type Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import type { OptionNames } from "../../options";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { checkField, checkNum, checkNumbers, checkPositive, fieldValue } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { mv } from "../stubs/moveStubs";
import { triggerAndRead } from "../stubs/pointStubs";
import { checkPositions } from "./checkPositions";
import { hintedFields, type MdOptions, searchMetadata } from "./planMetadata";

/** Options of `tuneCentroid`. */
export interface TuneCentroidOptions extends MdOptions {
  /** The number of points of each scan; default 10. */
  readonly num?: number;
  /** How much narrower each scan is than the one before; default 3. */
  readonly stepFactor?: number;
  /** Whether every second scan goes back; default false. */
  readonly snake?: boolean;
}

/** The range of `tuneCentroid`, by name. */
export interface TuneRange extends TuneCentroidOptions {
  /** The first position, in the motor's unit. */
  readonly start: number;
  /** The last position, in the motor's unit. */
  readonly stop: number;
  /** The scans end when their step is smaller than this, in the motor's unit. */
  readonly minStep: number;
}

/** The arguments of `tuneCentroid` after the detectors, by name. */
export interface NamedTuneCentroid extends TuneRange {
  /** Data key of the signal. */
  readonly signal: string;
  readonly motor: ReadableMotor<number>;
}

/** By position, or from the range or the options on, or all by name; see `NamedTuneCentroid`. */
export interface TuneCentroid {
  (
    detectors: readonly Readable[],
    signal: string,
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    minStep: number,
    num?: number | TuneCentroidOptions,
    stepFactor?: number | TuneCentroidOptions,
    snake?: boolean | TuneCentroidOptions,
    options?: TuneCentroidOptions,
  ): Plan<string>;
  (detectors: readonly Readable[], signal: string, motor: ReadableMotor<number>, range: TuneRange): Plan<string>;
  (detectors: readonly Readable[], options: NamedTuneCentroid): Plan<string>;
}

const REQUIRED = ["signal", "motor", "start", "stop", "minStep"] as const;
const NAMES: OptionNames<NamedTuneCentroid> = {
  signal: true,
  motor: true,
  start: true,
  stop: true,
  minStep: true,
  num: true,
  stepFactor: true,
  snake: true,
  md: true,
};

/**
 * Finds the centroid of a peak by finer and finer scans around it, and moves the motor there:
 * `tuneCentroid([det], "det", motor, start, stop, minStep, { num: 10, snake: true })`.
 * @returns the run's uid
 */
export const tuneCentroid = plan(
  "tuneCentroid",
  function* (detectors: readonly Readable[], ...given: readonly unknown[]): Plan<string> {
    const args = readTuneArgs(detectors, given);
    const { motor, start, stop, minStep, num } = args;
    yield* checkPositions([[motor, [start, stop]]]);
    const planArgs = { start, stop, num, min_step: minStep };
    const md = searchMetadata("tuneCentroid", detectors, motor, planArgs, args.md);
    return yield* stageWrapper(runWrapper(tune(detectors, args), { md }), [...detectors, motor]);
  },
) as TuneCentroid;

function readTuneArgs(
  detectors: readonly Readable[],
  given: readonly unknown[],
): Required<Omit<NamedTuneCentroid, "md">> & MdOptions {
  const args = namedArguments("tuneCentroid", given, [...REQUIRED, "num", "stepFactor", "snake"], NAMES);
  const usage = 'tuneCentroid([detector], "signal", motor, start, stop, minStep)';
  checkDetectors("tuneCentroid", detectors);
  checkField("tuneCentroid", "signal", args.signal);
  checkMotor("tuneCentroid", 3, args.motor, usage);
  checkGiven("tuneCentroid", args, REQUIRED, usage);
  const { start, stop, minStep, num = 10, stepFactor = 3, snake = false } = args;
  checkNumbers("tuneCentroid", { start, stop, stepFactor });
  checkPositive("tuneCentroid", { minStep });
  checkNum("tuneCentroid", num);
  if (num < 2) throw new UsageError(`tuneCentroid: a scan for a peak needs at least 2 points, not ${num}`);
  if (!(stepFactor > 1)) throw new UsageError(`tuneCentroid: stepFactor should be above 1, not ${stepFactor}`);
  return { ...args, num, stepFactor, snake };
}

function* tune(detectors: readonly Readable[], args: ReturnType<typeof readTuneArgs>): Plan<void> {
  const { signal, motor, start, stop, minStep, num, stepFactor, snake } = args;
  const fields = hintedFields(motor);
  const motorField = fields.length === 1 ? (fields[0] as string) : motor.name;
  const low = Math.min(start, stop);
  const high = Math.max(start, stop);
  const clip = (position: number) => Math.min(Math.max(position, low), high);
  let [from, to] = [start, stop];
  let step = (to - from) / (num - 1);
  let next = from;
  let peak: number | undefined;
  let sum = 0;
  let moment = 0;
  while (Math.abs(step) >= minStep && low <= next && next <= high) {
    yield Msg("checkpoint");
    yield* mv(motor, next);
    const readings = yield* triggerAndRead([...detectors, motor]);
    const intensity = fieldValue("tuneCentroid", signal, readings);
    if (!Number.isFinite(intensity))
      throw new UsageError(
        `tuneCentroid: ${signal} reads ${intensity} at ${valueWithUnit(motor, next, 8)}: a centroid needs numbers`,
      );
    sum += intensity;
    moment += Number(readings[motorField]?.value) * intensity;
    next += step;
    if (Math.min(from, to) <= next && next <= Math.max(from, to)) continue;
    if (sum === 0) return;
    peak = moment / sum;
    [sum, moment] = [0, 0];
    const range = (to - from) / stepFactor;
    [from, to] = [clip(peak - range / 2), clip(peak + range / 2)];
    if (snake) [from, to] = [to, from];
    step = (to - from) / (num - 1);
    next = from;
  }
  if (peak !== undefined) yield* mv(motor, peak);
}
