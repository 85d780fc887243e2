/** Scans that decide where to measure by what they measure. */
import { Msg, type Plan } from "../../core/msg";
import { isTriggerable, type Readable, type Readings } from "../../core/protocols";
import { UsageError } from "../../errors";
import { separateDevices } from "../ancestry";
import { plan } from "../plan";
import { relativeSetWrapper, resetPositionsWrapper } from "../preprocessors/relativeWrappers";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { mv } from "../stubs/deviceStubs";
import { type ReadableMotor, triggerAndRead } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { checkDetectors, deviceText, hintedFields, motorDimensions, withMetadata } from "./planMetadata";

/** Options of plans that have no others, the last argument. */
export interface MdOptions {
  readonly md?: PlanMetadata;
}

/**
 * Moves a motor with steps that follow the slope of a signal: short where it changes quickly.
 * @param targetField data key of the signal
 * @param targetDelta wanted change of the signal from point to point
 * @param backstep whether it may go back when a step was too long
 * @param threshold it goes back if the new step is shorter than this part of the last one; default 0.8
 * @returns the run's uid
 */
export const adaptiveScan = plan(
  "adaptiveScan",
  function* (
    detectors: readonly Readable[],
    targetField: string,
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    minStep: number,
    maxStep: number,
    targetDelta: number,
    backstep: boolean,
    threshold = 0.8,
    options: MdOptions = {},
  ): Plan<string> {
    checkDetectors("adaptiveScan", detectors);
    if (!(minStep > 0 && minStep < maxStep))
      throw new UsageError(
        `adaptiveScan: the steps go from a minimum above 0 to a larger maximum, not from ${minStep} to ${maxStep}`,
      );
    const md = withMetadata(
      {
        detectors: detectors.map((detector) => detector.name),
        motors: [motor.name],
        plan_args: {
          detectors: detectors.map(deviceText),
          motor: deviceText(motor),
          start,
          stop,
          min_step: minStep,
          max_step: maxStep,
          target_delta: targetDelta,
          backstep,
          threshold,
        },
        plan_name: "adaptive_scan",
      },
      options.md,
      motorDimensions([motor]),
    );
    const core = adapt({
      detectors,
      targetField,
      motor,
      start,
      stop,
      minStep,
      maxStep,
      targetDelta,
      backstep,
      threshold,
    });
    return yield* stageWrapper(runWrapper(core, { md }), [...detectors, motor]);
  },
);

interface Adaptation {
  readonly detectors: readonly Readable[];
  readonly targetField: string;
  readonly motor: ReadableMotor<number>;
  readonly start: number;
  readonly stop: number;
  readonly minStep: number;
  readonly maxStep: number;
  readonly targetDelta: number;
  readonly backstep: boolean;
  readonly threshold: number;
}

function* adapt(parts: Adaptation): Plan<void> {
  const { detectors, targetField, motor, start, stop, minStep, maxStep, targetDelta, backstep, threshold } = parts;
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
  let value: unknown;
  for (const device of devices) {
    const readings = (yield Msg("read", device)) as Readings | undefined;
    if (readings && Object.hasOwn(readings, field)) value = readings[field]?.value;
  }
  yield Msg("save");
  if (typeof value !== "number") throw new UsageError(`adaptiveScan: no detector reads a number "${field}"`);
  return value;
}

/** Like `adaptiveScan`, relative to where the motor is; it goes back there at the end. */
export const relAdaptiveScan = plan(
  "relAdaptiveScan",
  function* (
    ...[
      detectors,
      targetField,
      motor,
      start,
      stop,
      minStep,
      maxStep,
      targetDelta,
      backstep,
      threshold,
      options,
    ]: Parameters<typeof adaptiveScan>
  ): Plan<string> {
    const md = { plan_name: "rel_adaptive_scan", ...options?.md };
    const inner = adaptiveScan(
      detectors,
      targetField,
      motor,
      start,
      stop,
      minStep,
      maxStep,
      targetDelta,
      backstep,
      threshold,
      { md },
    );
    return yield* resetPositionsWrapper(relativeSetWrapper(inner, [motor]), [motor]);
  },
);

/**
 * Finds the centroid of a peak in finer and finer scans around it, and moves there.
 * @param signal data key of the signal
 * @param minStep stops when the step is smaller
 * @param num points per scan; default 10
 * @param stepFactor how much narrower each scan is than the first; default 3
 * @param snake whether every second scan goes back; default false
 * @returns the run's uid
 */
export const tuneCentroid = plan(
  "tuneCentroid",
  function* (
    detectors: readonly Readable[],
    signal: string,
    motor: ReadableMotor<number>,
    start: number,
    stop: number,
    minStep: number,
    num = 10,
    stepFactor = 3,
    snake = false,
    options: MdOptions = {},
  ): Plan<string> {
    checkDetectors("tuneCentroid", detectors);
    if (!(minStep > 0)) throw new UsageError(`tuneCentroid: minStep must be above 0, not ${minStep}`);
    if (!(stepFactor > 1)) throw new UsageError(`tuneCentroid: stepFactor must be above 1, not ${stepFactor}`);
    const md = withMetadata(
      {
        detectors: detectors.map((detector) => detector.name),
        motors: [motor.name],
        plan_args: {
          detectors: detectors.map(deviceText),
          motor: deviceText(motor),
          start,
          stop,
          num,
          min_step: minStep,
        },
        plan_name: "tune_centroid",
      },
      options.md,
      motorDimensions([motor]),
    );
    const core = tune({ detectors, signal, motor, start, stop, minStep, num, stepFactor, snake });
    return yield* stageWrapper(runWrapper(core, { md }), [...detectors, motor]);
  },
);

interface Tuning {
  readonly detectors: readonly Readable[];
  readonly signal: string;
  readonly motor: ReadableMotor<number>;
  readonly start: number;
  readonly stop: number;
  readonly minStep: number;
  readonly num: number;
  readonly stepFactor: number;
  readonly snake: boolean;
}

function* tune({ detectors, signal, motor, start, stop, minStep, num, stepFactor, snake }: Tuning): Plan<void> {
  const fields = hintedFields(motor);
  const motorField = fields.length === 1 ? (fields[0] as string) : motor.name;
  const low = Math.min(start, stop);
  const high = Math.max(start, stop);
  const clip = (position: number) => Math.min(Math.max(position, low), high);
  let [from, to] = [start, stop];
  let step = (to - from) / (num - 1);
  let next = from;
  let peak: number | null = null;
  let sum = 0;
  let moment = 0;
  while (Math.abs(step) >= minStep && low <= next && next <= high) {
    yield Msg("checkpoint");
    yield* mv(motor, next);
    const readings = yield* triggerAndRead([...detectors, motor]);
    const intensity = Number(readings[signal]?.value);
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
  if (peak !== null) yield* mv(motor, peak);
}

/** Moves a motor step by step, asking the person for the next step after each reading. @returns the run's uid */
export const tweak = plan(
  "tweak",
  function* (
    detector: Readable,
    targetField: string,
    motor: ReadableMotor<number>,
    step: number,
    options: MdOptions = {},
  ): Plan<string> {
    const md = withMetadata(
      {
        detectors: [detector.name],
        motors: [motor.name],
        plan_args: { detector: deviceText(detector), target_field: targetField, motor: deviceText(motor), step },
        plan_name: "tweak",
      },
      options.md,
      motorDimensions([motor]),
    );
    return yield* stageWrapper(runWrapper(tweaking(detector, targetField, motor, step), { md }), [detector, motor]);
  },
);

function* tweaking(detector: Readable, targetField: string, motor: ReadableMotor<number>, first: number): Plan<void> {
  for (let step = first; ; ) {
    yield Msg("create", null, [], { name: "primary" });
    const at = (yield Msg("read", motor)) as Readings | undefined;
    if (!at) return;
    const position = Number(Object.values(at)[0]?.value);
    if (isTriggerable(detector)) yield Msg("trigger", detector, [], { group: "A" });
    yield Msg("wait", null, ["A"]);
    const readings = (yield Msg("read", detector)) as Readings;
    const value = Number(readings[targetField]?.value);
    yield Msg("save");
    const [at3, value3] = [Number(position.toPrecision(3)), Number(value.toPrecision(3))];
    const prompt = `${motor.name}, ${at3}, ${value3}, (${step}) `;
    const answer = (yield Msg("input", null, [], { prompt })) as string | undefined;
    if (answer) {
      step = Number(answer);
      if (Number.isNaN(step)) return;
    }
    yield Msg("set", motor, [position + step], { group: "A" });
    yield Msg("wait", null, ["A"]);
  }
}
