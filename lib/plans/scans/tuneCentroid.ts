/** Finds the centroid of a peak. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkField, checkNum, checkNumbers, checkPositive, fieldValue } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { mv } from "../stubs/moveStubs";
import { triggerAndRead } from "../stubs/pointStubs";
import { hintedFields, type MdOptions, searchMetadata } from "./planMetadata";

/** Arguments of `tuneCentroid` after the detectors. */
export type TuneCentroidArgs = [
  /** Data key of the signal. */
  signal: string,
  motor: ReadableMotor<number>,
  start: number,
  stop: number,
  /** The scans end when their step is smaller than this, in the motor's unit. */
  minStep: number,
  /** The number of points of each scan; default 10. */
  num?: number | undefined,
  /** How much narrower each scan is than the one before; default 3. */
  stepFactor?: number | undefined,
  /** Whether every second scan goes back; default false. */
  snake?: boolean | undefined,
  options?: MdOptions | undefined,
];

/**
 * Finds the centroid of a peak by finer and finer scans around it, and moves the motor there:
 * `tuneCentroid([det], "det", motor, start, stop, minStep)`.
 * @returns the run's uid
 */
export const tuneCentroid = plan(
  "tuneCentroid",
  function* (detectors: readonly Readable[], ...args: TuneCentroidArgs): Plan<string> {
    const [signal, motor, start, stop, minStep, num = 10, stepFactor = 3, , options] = args;
    checkDetectors("tuneCentroid", detectors);
    checkField("tuneCentroid", "signal", signal);
    checkMotor("tuneCentroid", 3, motor, 'tuneCentroid([detector], "signal", motor, start, stop, minStep)');
    checkNumbers("tuneCentroid", { start, stop, stepFactor });
    checkPositive("tuneCentroid", { minStep });
    checkNum("tuneCentroid", num);
    if (num < 2) throw new UsageError(`tuneCentroid: a scan for a peak needs at least 2 points, not ${num}`);
    if (!(stepFactor > 1)) throw new UsageError(`tuneCentroid: stepFactor should be above 1, not ${stepFactor}`);
    const planArgs = { start, stop, num, min_step: minStep };
    const md = searchMetadata("tuneCentroid", detectors, motor, planArgs, options?.md);
    return yield* stageWrapper(runWrapper(tune(detectors, args), { md }), [...detectors, motor]);
  },
);

function* tune(detectors: readonly Readable[], args: TuneCentroidArgs): Plan<void> {
  const [signal, motor, start, stop, minStep, num = 10, stepFactor = 3, snake = false] = args;
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
