/** Measures while a device ramps to a target. */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { NotInferred } from "../../core/protocols/notInferred";
import type { Movable, Readable } from "../../core/protocols/protocols";
import { planTime } from "../../engine/loop/planTime";
import { checkDetectors, checkMotor } from "../arguments/deviceArguments";
import { checkTimes } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { RampFail } from "../rampFail";
import { wait } from "../stubs/flowStubs";
import { type TakeReading, triggerAndRead } from "../stubs/pointStubs";
import { uniqueGroup } from "../uniqueGroup";
import { deviceText, type MdOptions, motorDimensions, withMetadata } from "./planMetadata";

/** Options of `rampScan`, the last argument. */
export interface RampScanOptions extends MdOptions {
  /** Seconds from the start of a point to the start of the next; default 1. */
  readonly period?: number;
  /** Seconds until the plan fails, not counting those it is paused or suspended; default: never. */
  readonly timeout?: number;
  /** Whether to measure a point before the ramp; default true. */
  readonly takePreData?: boolean;
  /** Takes the reading of each point; default `triggerAndRead`. */
  readonly takeReading?: TakeReading;
}

/**
 * Moves a device to a target, measures every `period` seconds until it has arrived, and once more then:
 * `rampScan([det], cryo, 300, { period: 5 })`. A pause stops the ramp, and resuming starts it again.
 * @returns the run's uid
 */
export const rampScan = plan("rampScan", function* <
  T,
>(detectors: readonly Readable[], device: Movable<T> & Readable, target: NotInferred<T>, options: RampScanOptions = {}): Plan<string> {
  checkDetectors("rampScan", detectors);
  checkMotor("rampScan", 2, device, "rampScan([detector], cryo, 300)");
  checkTimes("rampScan", options);
  const { period = 1, timeout } = options;
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
  return yield* stageWrapper(runWrapper(rampTo(devices, device, target, period, options), { md }), devices);
});

function* rampTo<T>(
  devices: readonly Readable[],
  device: Movable<T>,
  target: T,
  period: number,
  { timeout, takePreData = true, takeReading = triggerAndRead }: RampScanOptions,
): Plan<void> {
  const group = uniqueGroup("ramp");
  const end = timeout === undefined ? Number.POSITIVE_INFINITY : planTime() + timeout;
  yield Msg("checkpoint");
  if (takePreData) yield* takeReading(devices);
  yield Msg("set", device, [target], { group });
  for (let done = false; !done; ) {
    const started = planTime();
    yield Msg("checkpoint");
    yield* takeReading(devices);
    if (planTime() > end) throw new RampFail(`${device.name} is not at ${String(target)} after ${timeout} s`);
    done = yield* wait(group, { timeout: Math.max(started + period - planTime(), 0.001), errorOnTimeout: false });
  }
  yield Msg("checkpoint");
  yield* takeReading(devices);
}
