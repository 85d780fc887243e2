/** Scans that choose the length of their steps by what they measure. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isTriggerable, type Readable, type Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { separateDevices } from "../ancestry";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkField, checkNumbers, fieldValue } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { mv } from "../stubs/moveStubs";
import { type MdOptions, searchMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";

/** Arguments of `adaptiveScan` after the detectors. */
export type AdaptiveScanArgs = [
  /** Data key of the signal. */
  targetField: string,
  motor: ReadableMotor<number>,
  start: number,
  stop: number,
  /** The shortest step, in the motor's unit, above 0. */
  minStep: number,
  /** The longest step, in the motor's unit. */
  maxStep: number,
  /** The wanted change of the signal from point to point, in its unit. */
  targetDelta: number,
  /** Whether the motor may go back when a step was too long. */
  backstep: boolean,
  /** The motor goes back if the new step is shorter than this part of the last one; default 0.8. */
  threshold?: number | undefined,
  options?: MdOptions | undefined,
];

/**
 * Moves a motor in steps that follow the slope of a signal: they are short where the signal changes quickly.
 * `adaptiveScan([det], "det", motor, start, stop, minStep, maxStep, targetDelta, backstep)`
 * @returns the run's uid
 */
export const adaptiveScan = plan(
  "adaptiveScan",
  function* (detectors: readonly Readable[], ...args: AdaptiveScanArgs): Plan<string> {
    return yield* adaptiveRun("adaptiveScan", detectors, args);
  },
);

/**
 * Like `adaptiveScan`, with positions relative to where the motor is.
 * It moves the motor back there at its end.
 */
export const relAdaptiveScan = plan(
  "relAdaptiveScan",
  function* (detectors: readonly Readable[], ...args: AdaptiveScanArgs): Plan<string> {
    const [, motor] = args;
    return yield* relativeToStart([motor], adaptiveRun("relAdaptiveScan", detectors, args));
  },
);

function* adaptiveRun(name: string, detectors: readonly Readable[], args: AdaptiveScanArgs): Plan<string> {
  const [targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold = 0.8, options] = args;
  checkDetectors(name, detectors);
  checkField(name, "targetField", targetField);
  checkMotor(
    name,
    3,
    motor,
    `${name}([detector], "signal", motor, start, stop, minStep, maxStep, targetDelta, backstep)`,
  );
  checkNumbers(name, { start, stop, minStep, maxStep, targetDelta, threshold });
  if (!(minStep > 0 && minStep < maxStep)) {
    throw new UsageError(
      `${name}: the steps go from a minimum above 0 to a larger maximum, not from ${minStep} to ${maxStep}`,
    );
  }
  const planArgs = {
    start,
    stop,
    min_step: minStep,
    max_step: maxStep,
    target_delta: targetDelta,
    backstep,
    threshold,
  };
  const md = searchMetadata(name, detectors, motor, planArgs, options?.md);
  return yield* stageWrapper(runWrapper(adapt(name, detectors, args), { md }), [...detectors, motor]);
}

function* adapt(name: string, detectors: readonly Readable[], args: AdaptiveScanArgs): Plan<void> {
  const [targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold = 0.8] = args;
  const direction = stop >= start ? 1 : -1;
  const devices = separateDevices([...detectors, motor]);
  let next = start;
  let step = (maxStep - minStep) / 2;
  let past: number | undefined;
  while (next * direction < stop * direction) {
    yield Msg("checkpoint");
    yield* mv(motor, next);
    const value = fieldValue(name, targetField, yield* measure(detectors, devices));
    if (past === undefined) {
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

/** Triggers the detectors and reads the devices into one event. */
function* measure(detectors: readonly Readable[], devices: readonly Readable[]): Plan<Readings> {
  yield Msg("create", null, [], { name: "primary" });
  for (const detector of detectors) if (isTriggerable(detector)) yield Msg("trigger", detector, [], { group: "B" });
  yield Msg("wait", null, ["B"]);
  const all: Record<string, Readings[string]> = {};
  for (const device of devices) Object.assign(all, yield Msg("read", device));
  yield Msg("save");
  return all;
}
