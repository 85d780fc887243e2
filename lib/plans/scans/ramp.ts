/** Plans for what takes long: measure while a device ramps, while time goes by, when a device has settled. */
import { Msg, type Plan } from "../../core/msg";
import type { Movable, Readable, StatusLike, Subscribable } from "../../core/protocols";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { monitorDuringWrapper } from "../preprocessors/insertWrappers";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { rd, type ValueOf } from "../stubs/deviceStubs";
import { sleep, wait } from "../stubs/flowStubs";
import { movePerStep, type PositionCache, type Step, type TakeReading, triggerAndRead } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { uniqueGroup } from "../uniqueGroup";
import { checkDetectors } from "./planArguments";
import { deviceText, motorDimensions, withMetadata } from "./planMetadata";
import type { PerStep } from "./scanNd";

/** A ramp took longer than its timeout. */
export class RampFail extends Error {
  override readonly name = "RampFail";
}

const now = () => Date.now() / 1000;

/** Options of `rampPlan`, the last argument. */
export interface RampPlanOptions {
  /** Measures once before the ramp; default true. */
  readonly takePreData?: boolean;
  /** Seconds until the plan fails; default never. */
  readonly timeout?: number | null;
  /** Seconds from the start of a measurement to the start of the next; default as fast as possible. */
  readonly period?: number | null;
  readonly md?: PlanMetadata;
}

/**
 * Starts a ramp and measures until it is done, recording a signal all the while.
 * @param goPlan starts the ramp and returns its status, e.g. `absSet(cryo, 300)`
 * @param measure makes the plan of one measurement
 * @returns the run's uid
 */
export const rampPlan = plan(
  "rampPlan",
  function* (
    goPlan: Plan<StatusLike>,
    monitorSignal: Subscribable,
    measure: () => Plan,
    options: RampPlanOptions = {},
  ): Plan<string> {
    const md = { plan_name: "ramp_plan", ...options.md };
    return yield* monitorDuringWrapper(runWrapper(polling(goPlan, measure, options), { md }), [monitorSignal]);
  },
);

function* polling(
  goPlan: Plan<StatusLike>,
  measure: () => Plan,
  { takePreData = true, timeout = null, period = null }: RampPlanOptions,
): Plan<void> {
  const end = timeout === null ? Number.POSITIVE_INFINITY : now() + timeout;
  if (takePreData) yield* measure();
  const status = yield* goPlan;
  while (!status.done) {
    const started = now();
    yield* measure();
    if (now() > end) throw new RampFail(`the ramp is not done after ${timeout} s`);
    const left = period === null ? 0 : started + period - now();
    if (left > 0) yield* sleep(left);
  }
  yield* measure();
}

/** Options of `rampScan`, the last argument. */
export interface RampScanOptions {
  /** Seconds from the start of a point to the start of the next; default 1. */
  readonly period?: number;
  /** Seconds until the plan fails; default never. */
  readonly timeout?: number;
  /** Measures a point before the ramp; default true. */
  readonly takePreData?: boolean;
  readonly takeReading?: TakeReading;
  readonly md?: PlanMetadata;
}

/**
 * Sends a device to a target and measures every `period` seconds until it is there, and once when it is:
 * `rampScan([det], cryo, 300, { period: 5 })`. A pause stops the ramp, resuming starts it again. @returns the run's uid
 */
export const rampScan = plan("rampScan", function* <
  T,
>(detectors: readonly Readable[], device: Movable<T> & Readable, target: ValueOf<T>, options: RampScanOptions = {}): Plan<string> {
  checkDetectors("rampScan", detectors);
  const { period = 1, timeout } = options;
  if (!(period > 0)) throw new UsageError(`rampScan: the period is in seconds, above 0, not ${period}`);
  const md = withMetadata(
    {
      detectors: detectors.map((detector) => detector.name),
      motors: [device.name],
      plan_args: {
        detectors: detectors.map(deviceText),
        device: deviceText(device),
        target,
        period,
        timeout: timeout ?? null,
      },
      plan_name: "ramp_scan",
    },
    options.md,
    motorDimensions([device]),
  );
  const devices = [...detectors, device];
  return yield* stageWrapper(runWrapper(ramping(devices, device, target, period, options), { md }), devices);
});

function* ramping<T>(
  devices: readonly Readable[],
  device: Movable<T>,
  target: T,
  period: number,
  { timeout, takePreData = true, takeReading = triggerAndRead }: RampScanOptions,
): Plan<void> {
  const group = uniqueGroup("ramp");
  const end = timeout === undefined ? Number.POSITIVE_INFINITY : now() + timeout;
  yield Msg("checkpoint");
  if (takePreData) yield* takeReading(devices);
  yield Msg("set", device, [target], { group });
  for (let done = false; !done; ) {
    const started = now();
    yield Msg("checkpoint");
    yield* takeReading(devices);
    if (now() > end) throw new RampFail(`${device.name} is not at ${String(target)} after ${timeout} s`);
    done = yield* wait(group, { timeout: Math.max(started + period - now(), 0.001), errorOnTimeout: false });
  }
  yield Msg("checkpoint");
  yield* takeReading(devices);
}

/** Options of `timeScan`, the last argument. */
export interface TimeScanOptions {
  readonly takeReading?: TakeReading;
  readonly md?: PlanMetadata;
}

/** Measures every `period` seconds for `duration` seconds: `timeScan([det], 600, 5)`. @returns the run's uid */
export const timeScan = plan(
  "timeScan",
  function* (
    detectors: readonly Readable[],
    duration: number,
    period = 1,
    options: TimeScanOptions = {},
  ): Plan<string> {
    checkDetectors("timeScan", detectors);
    checkPeriod("timeScan", duration, period);
    const num = Math.floor(duration / period) + 1;
    const md = withMetadata(
      {
        detectors: detectors.map((detector) => detector.name),
        num_points: num,
        num_intervals: num - 1,
        plan_args: { detectors: detectors.map(deviceText), duration, period },
        plan_name: "time_scan",
      },
      options.md,
      { dimensions: [[["time"], "primary"]] },
    );
    return yield* stageWrapper(runWrapper(dwell(detectors, duration, period, options), { md }), detectors);
  },
);

/** A part of a plan that stays where it is and measures every `period` seconds for `duration` seconds; in an open run. */
export const dwell = plan(
  "dwell",
  function* (
    detectors: readonly Readable[],
    duration: number,
    period = 1,
    options: Pick<TimeScanOptions, "takeReading"> = {},
  ): Plan<void> {
    checkPeriod("dwell", duration, period);
    const { takeReading = triggerAndRead } = options;
    const started = now();
    for (let i = 0; i * period <= duration; i += 1) {
      yield Msg("checkpoint");
      const left = started + i * period - now();
      if (left > 0) yield* sleep(left);
      yield* takeReading(detectors);
    }
  },
);

function checkPeriod(name: string, duration: number, period: number): void {
  if (!(period > 0) || !(duration >= 0))
    throw new UsageError(
      `${name}: duration and period are in seconds, the period above 0, not ${duration} and ${period}`,
    );
}

/** When a device counts as settled, and how long to wait for that. */
export interface SettleOptions {
  /** Largest distance from the target that counts as there, in the device's unit. */
  readonly tolerance: number;
  /** Seconds it has to stay within; default 0. */
  readonly time?: number;
  /** Seconds between looks; default 0.5. */
  readonly interval?: number;
  /** Seconds until the plan fails; default never. */
  readonly timeout?: number;
}

/** Waits until a device stays within a tolerance of a target. */
export const settle = plan(
  "settle",
  function* (
    device: Readable<number>,
    target: number,
    { tolerance, time = 0, interval = 0.5, timeout }: SettleOptions,
  ): Plan<void> {
    const started = now();
    let since: number | null = null;
    for (;;) {
      const value = yield* rd(device);
      if (Math.abs(value - target) > tolerance) since = null;
      else since ??= now();
      if (since !== null && now() - since >= time) return;
      if (timeout !== undefined && now() - started > timeout)
        throw new RampFail(
          `${device.name} did not stay within ${tolerance} of ${target} in ${timeout} s: it is at ${value}`,
        );
      yield* sleep(interval);
    }
  },
);

/** A `perStep` for scans that measures when each motor has settled: `scan([det], cryo, 5, 20, 16, { perStep: settledStep({ tolerance: 0.05, time: 30 }) })`. */
export function settledStep(options: SettleOptions, takeReading: TakeReading = triggerAndRead): PerStep {
  return function* settledStep(detectors: readonly Readable[], step: Step, positions: PositionCache): Plan<void> {
    yield* movePerStep(step, positions);
    for (const [motor, position] of step) yield* settle(motor as Readable<number>, position as number, options);
    yield* takeReading([...detectors, ...(step.keys() as Iterable<Readable>)]);
  };
}
