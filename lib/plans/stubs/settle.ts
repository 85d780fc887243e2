/** Waits until a device has settled. */

import { valueWithUnit } from "../../core/device/valueWithUnit";
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { formatValue } from "../../display/formatValue";
import { planTime } from "../../engine/loop/planTime";
import { UsageError } from "../../errors";
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

/** Significant digits of positions in the error, enough to see why one is not within a small tolerance. */
const DIGITS = 8;

/** Waits until a device stays within a tolerance of a target. */
export const settle = plan(
  "settle",
  function* (
    device: Readable,
    target: number,
    { tolerance, time = 0, interval = 0.5, timeout }: SettleOptions,
  ): Plan<void> {
    checkDetector("settle", "argument 1", device);
    checkNumbers("settle", { target });
    checkPositive("settle", { tolerance });
    const started = planTime();
    let since: number | undefined;
    for (;;) {
      const value: unknown = yield* rd(device);
      if (typeof value !== "number")
        throw new UsageError(
          `settle needs a device that reads a number, but ${device.name} reads ${formatValue(value)}`,
        );
      // NaN, which a broken sensor reads, is not within the tolerance.
      if (Math.abs(value - target) <= tolerance) since ??= planTime();
      else since = undefined;
      if (since !== undefined && planTime() - since >= time) return;
      if (timeout !== undefined && planTime() - started > timeout) {
        const shown = (number: number) => valueWithUnit(device, number, DIGITS);
        throw new RampFail(
          `${device.name} did not stay within ${tolerance} of ${shown(target)} in ${timeout} s: it is at ${shown(value)}`,
        );
      }
      yield* sleep(interval);
    }
  },
);
