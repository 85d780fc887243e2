/** Waits until a device has settled. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { planTime } from "../../engine/loop/planTime";
import { checkDetector } from "../arguments/deviceArguments";
import { checkNumbers, checkPositive } from "../arguments/valueArguments";
import { plan } from "../plan";
import { RampFail } from "../rampFail";
import { sleep } from "./flowStubs";
import { rd } from "./readStubs";

/** When a device counts as settled, and how long to wait for that. */
export interface SettleOptions {
  /** The largest distance from the target that counts as being there, in the device's unit. */
  readonly tolerance: number;
  /** Seconds for which it has to stay within the tolerance; default 0. */
  readonly time?: number;
  /** Seconds between two readings; default 0.5. */
  readonly interval?: number;
  /** Seconds until the plan fails, not counting those it is paused or suspended; default: never. */
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
    let since: number | undefined;
    for (;;) {
      const value = yield* rd(device);
      if (Math.abs(value - target) > tolerance) since = undefined;
      else since ??= planTime();
      if (since !== undefined && planTime() - since >= time) return;
      if (timeout !== undefined && planTime() - started > timeout) {
        throw new RampFail(
          `${device.name} did not stay within ${tolerance} of ${target} in ${timeout} s: it is at ${value}`,
        );
      }
      yield* sleep(interval);
    }
  },
);
