/** Wait until a device has settled. */
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { planTime } from "../../engine/loop/planTime";
import { plan } from "../plan";
import { rd } from "../stubs/deviceStubs";
import { sleep } from "../stubs/flowStubs";
import { movePerStep, type PositionCache, type Step, type TakeReading, triggerAndRead } from "../stubs/pointStubs";
import { checkDetector, checkNumbers, checkPositive } from "./planArguments";
import { RampFail } from "./rampFail";
import type { PerStep } from "./scanNd";

/** When a device counts as settled, and how long to wait for that. */
export interface SettleOptions {
  /** Largest distance from the target that counts as there, in the device's unit. */
  readonly tolerance: number;
  /** Seconds it has to stay within; default 0. */
  readonly time?: number;
  /** Seconds between looks; default 0.5. */
  readonly interval?: number;
  /** Seconds until the plan fails, without those it is paused or suspended; default never. */
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
    checkDetector("settle", "argument 1", device);
    checkNumbers("settle", { target });
    checkPositive("settle", { tolerance });
    const started = planTime();
    let since: number | null = null;
    for (;;) {
      const value = yield* rd(device);
      if (Math.abs(value - target) > tolerance) since = null;
      else since ??= planTime();
      if (since !== null && planTime() - since >= time) return;
      if (timeout !== undefined && planTime() - started > timeout)
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
