/** Scans that choose their steps by what they measure. */
import { Msg, type Plan } from "../../core/protocols/msg";
import { isTriggerable, type Readable, type Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { separateDevices } from "../ancestry";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { mv } from "../stubs/deviceStubs";
import type { ReadableMotor } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { around } from "./around";
import { checkDetectors, checkField, checkMotor, checkNumbers, fieldValue } from "./planArguments";
import { renamed, searchMetadata } from "./planMetadata";

/** Options of plans that have no others, the last argument. */
export interface MdOptions {
  readonly md?: PlanMetadata;
}

/** Arguments of `adaptiveScan` after the detectors. */
export type AdaptiveScanArgs = [
  /** Data key of the signal. */
  targetField: string,
  motor: ReadableMotor<number>,
  start: number,
  stop: number,
  minStep: number,
  maxStep: number,
  /** Wanted change of the signal from point to point. */
  targetDelta: number,
  /** Whether it may go back when a step was too long. */
  backstep: boolean,
  /** It goes back if the new step is shorter than this part of the last one; default 0.8. */
  threshold?: number | undefined,
  options?: MdOptions | undefined,
];

/**
 * Moves a motor with steps that follow the slope of a signal: short where it changes quickly.
 * `adaptiveScan([det], "det", motor, start, stop, minStep, maxStep, targetDelta, backstep)`
 * @returns the run's uid
 */
export const adaptiveScan = plan(
  "adaptiveScan",
  function* (detectors: readonly Readable[], ...args: AdaptiveScanArgs): Plan<string> {
    const [targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold = 0.8, options] = args;
    checkDetectors("adaptiveScan", detectors);
    checkField("adaptiveScan", "targetField", targetField);
    checkMotor("adaptiveScan", 3, motor, USAGE);
    checkNumbers("adaptiveScan", { start, stop, minStep, maxStep, targetDelta, threshold });
    if (!(minStep > 0 && minStep < maxStep))
      throw new UsageError(
        `adaptiveScan: the steps go from a minimum above 0 to a larger maximum, not from ${minStep} to ${maxStep}`,
      );
    const planArgs = {
      start,
      stop,
      min_step: minStep,
      max_step: maxStep,
      target_delta: targetDelta,
      backstep,
      threshold,
    };
    const md = searchMetadata("adaptive_scan", detectors, motor, planArgs, options?.md);
    return yield* stageWrapper(runWrapper(adapt(detectors, args), { md }), [...detectors, motor]);
  },
);

/** Like `adaptiveScan`, relative to where the motor is; it goes back there at the end. */
export const relAdaptiveScan = plan(
  "relAdaptiveScan",
  function* (detectors: readonly Readable[], ...args: AdaptiveScanArgs): Plan<string> {
    const [field, motor, start, stop, minStep, maxStep, delta, backstep, threshold, options = {}] = args;
    const named = renamed("rel_adaptive_scan", options);
    const steps = [start, stop, minStep, maxStep, delta, backstep, threshold, named] as const;
    return yield* around([motor], adaptiveScan(detectors, field, motor, ...steps));
  },
);

const USAGE = 'adaptiveScan([detector], "signal", motor, start, stop, minStep, maxStep, targetDelta, backstep)';

function* adapt(detectors: readonly Readable[], args: AdaptiveScanArgs): Plan<void> {
  const [targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold = 0.8] = args;
  const direction = stop >= start ? 1 : -1;
  const devices = separateDevices([...detectors, motor]);
  let next = start;
  let step = (maxStep - minStep) / 2;
  let past: number | null = null;
  while (next * direction < stop * direction) {
    yield Msg("checkpoint");
    yield* mv(motor, next);
    const value = yield* measureField(detectors, devices, targetField);
    if (past === null) {
      past = value;
      next += step * direction;
      continue;
    }
    const slope = Math.abs(value - past) / step;
    const wanted =
      slope > 0 ? Math.min(Math.max(targetDelta / slope, minStep), maxStep) : Math.min(step * 1.1, maxStep);
    if (backstep && wanted < step * threshold) {
      next -= step;
      step = wanted;
    } else {
      past = value;
      step = 0.2 * wanted + 0.8 * step;
    }
    next += step * direction;
  }
}

/** An event, and the value of one data key in it. */
function* measureField(detectors: readonly Readable[], devices: readonly Readable[], field: string): Plan<number> {
  yield Msg("create", null, [], { name: "primary" });
  for (const detector of detectors) if (isTriggerable(detector)) yield Msg("trigger", detector, [], { group: "B" });
  yield Msg("wait", null, ["B"]);
  const all: Record<string, Readings[string]> = {};
  for (const device of devices) Object.assign(all, yield Msg("read", device));
  yield Msg("save");
  return fieldValue("adaptiveScan", field, all);
}
