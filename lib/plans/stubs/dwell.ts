/** Measures at one place while time goes by. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { checkDetectors } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { repeat } from "./flowStubs";
import { type TakeReading, triggerAndRead } from "./pointStubs";

/**
 * Measures every `period` seconds for `duration` seconds, within an open run and without moving anything.
 *
 * Time during which the plan is paused does not count: all points are measured, a period apart.
 * @param period seconds; default 1
 */
export const dwell = plan(
  "dwell",
  function* (
    detectors: readonly Readable[],
    duration: number,
    period = 1,
    options: { readonly takeReading?: TakeReading | undefined } = {},
  ): Plan<void> {
    checkDetectors("dwell", detectors);
    checkPeriod("dwell", duration, period);
    const { takeReading = triggerAndRead } = options;
    const num = pointsDuring(duration, period);
    yield* repeat(() => takeReading(detectors), num, new Array<number>(num - 1).fill(period));
  },
);

/** The number of points from the start to the end of `duration`, both included. */
export const pointsDuring = (duration: number, period: number): number => Math.floor(duration / period + 1e-9) + 1;

/** Throws unless the period is above 0 and the duration at least 0. */
export function checkPeriod(name: string, duration: number, period: number): void {
  if (period > 0 && duration >= 0) return;
  throw new UsageError(
    `${name}: duration and period are in seconds, the period above 0, not ${duration} and ${period}`,
  );
}
