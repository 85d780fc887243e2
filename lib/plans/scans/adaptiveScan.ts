/** Scans that choose the length of their steps by what they measure. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isTriggerable, type Readable, type Readings } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import type { OptionNames } from "../../options";
import { separateDevices } from "../ancestry";
import { checkDetectors, checkMotor, type ReadableMotor } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { checkField, checkNumbers, fieldValue } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { mv } from "../stubs/moveStubs";
import { checkPositions, type Ranges } from "./checkPositions";
import { type MdOptions, searchMetadata } from "./planMetadata";
import { relativeToStart } from "./relativeToStart";

/** Options of `adaptiveScan`. */
export interface AdaptiveScanOptions extends MdOptions {
  /** Whether the motor may go back when a step was too long; default true. */
  readonly backstep?: boolean;
  /** The motor goes back if the new step is shorter than this part of the last one; default 0.8. */
  readonly threshold?: number;
}

/** The range and the steps of `adaptiveScan`, by name. */
export interface AdaptiveRange extends AdaptiveScanOptions {
  /** The first position, in the motor's unit. */
  readonly start: number;
  /** The motor ends before this position. */
  readonly stop: number;
  /** The shortest step, in the motor's unit, above 0. */
  readonly minStep: number;
  /** The longest step, in the motor's unit. */
  readonly maxStep: number;
  /** The wanted change of the signal from point to point, in its unit. */
  readonly targetDelta: number;
}

/** The arguments of `adaptiveScan` after the detectors, by name. */
export interface NamedAdaptiveScan extends AdaptiveRange {
  /** Data key of the signal. */
  readonly targetField: string;
  readonly motor: ReadableMotor<number>;
}

/** By position, or from the range on, or all by name; see `NamedAdaptiveScan`. */
export interface AdaptiveScan {
  (
    detectors: readonly Readable[],
    targetField: string,
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    minStep: number,
    maxStep: number,
    targetDelta: number,
    backstep: boolean | (AdaptiveScanOptions & { readonly backstep: boolean }),
    threshold?: number | AdaptiveScanOptions,
    options?: AdaptiveScanOptions,
  ): Plan<string>;
  (
    detectors: readonly Readable[],
    targetField: string,
    motor: ReadableMotor<number>,
    range: AdaptiveRange,
  ): Plan<string>;
  (detectors: readonly Readable[], options: NamedAdaptiveScan): Plan<string>;
}

const REQUIRED = ["targetField", "motor", "start", "stop", "minStep", "maxStep", "targetDelta"] as const;
const NAMES: OptionNames<NamedAdaptiveScan> = {
  targetField: true,
  motor: true,
  start: true,
  stop: true,
  minStep: true,
  maxStep: true,
  targetDelta: true,
  backstep: true,
  threshold: true,
  md: true,
};

/**
 * Moves a motor in steps that follow the slope of a signal: they are short where the signal changes quickly.
 * `adaptiveScan([det], "det", motor, { start, stop, minStep, maxStep, targetDelta })`, or these by position.
 * @returns the run's uid
 */
export const adaptiveScan = plan(
  "adaptiveScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const given = readAdaptiveArgs("adaptiveScan", detectors, args);
    yield* checkPositions(rangesOf(given));
    return yield* adaptiveRun("adaptiveScan", detectors, given);
  },
) as AdaptiveScan;

/**
 * Like `adaptiveScan`, with positions relative to where the motor is.
 * It moves the motor back there at its end.
 */
export const relAdaptiveScan = plan(
  "relAdaptiveScan",
  function* (detectors: readonly Readable[], ...args: readonly unknown[]): Plan<string> {
    const given = readAdaptiveArgs("relAdaptiveScan", detectors, args);
    return yield* relativeToStart(rangesOf(given), adaptiveRun("relAdaptiveScan", detectors, given));
  },
) as AdaptiveScan;

/** The motor stops before `stop`, so only its first position is certain. */
const rangesOf = ({ motor, start }: NamedAdaptiveScan): Ranges => [[motor, [start]]];

function readAdaptiveArgs(
  name: string,
  detectors: readonly Readable[],
  given: readonly unknown[],
): Required<Omit<NamedAdaptiveScan, "md">> & MdOptions {
  const args = namedArguments(name, given, [...REQUIRED, "backstep", "threshold"], NAMES);
  const usage = `${name}([detector], "signal", motor, start, stop, minStep, maxStep, targetDelta, backstep)`;
  checkDetectors(name, detectors);
  checkField(name, "targetField", args.targetField);
  checkMotor(name, 3, args.motor, usage);
  checkGiven(name, args, REQUIRED, usage);
  const { start, stop, minStep, maxStep, targetDelta, backstep = true, threshold = 0.8 } = args;
  checkNumbers(name, { start, stop, minStep, maxStep, targetDelta, threshold });
  if (!(minStep > 0 && minStep < maxStep)) {
    throw new UsageError(
      `${name}: the steps go from a minimum above 0 to a larger maximum, not from ${minStep} to ${maxStep}`,
    );
  }
  return { ...args, backstep, threshold };
}

type AdaptiveArgs = ReturnType<typeof readAdaptiveArgs>;

function* adaptiveRun(name: string, detectors: readonly Readable[], args: AdaptiveArgs): Plan<string> {
  const { motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold } = args;
  const planArgs = {
    start,
    stop,
    min_step: minStep,
    max_step: maxStep,
    target_delta: targetDelta,
    backstep,
    threshold,
  };
  const md = searchMetadata(name, detectors, motor, planArgs, args.md);
  return yield* stageWrapper(runWrapper(adapt(name, detectors, args), { md }), [...detectors, motor]);
}

function* adapt(name: string, detectors: readonly Readable[], args: AdaptiveArgs): Plan<void> {
  const { targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold } = args;
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
