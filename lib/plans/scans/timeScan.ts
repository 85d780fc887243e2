/** Measure while time goes by. */
import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { repeat } from "../stubs/flowStubs";
import { type TakeReading, triggerAndRead } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { checkDetectors } from "./planArguments";
import { deviceText, withMetadata } from "./planMetadata";

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
    const num = pointsIn(duration, period);
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

/**
 * A part of a plan that stays where it is and measures every `period` seconds for `duration` seconds; in an open run. Time that is
 * spent paused does not count: all points are measured, a period apart.
 */
export const dwell = plan(
  "dwell",
  function* (
    detectors: readonly Readable[],
    duration: number,
    period = 1,
    options: Pick<TimeScanOptions, "takeReading"> = {},
  ): Plan<void> {
    checkDetectors("dwell", detectors);
    checkPeriod("dwell", duration, period);
    const { takeReading = triggerAndRead } = options;
    const num = pointsIn(duration, period);
    yield* repeat(() => takeReading(detectors), num, new Array<number>(num - 1).fill(period));
  },
);

/** From the start to the end of `duration`, both included. */
const pointsIn = (duration: number, period: number) => Math.floor(duration / period + 1e-9) + 1;

function checkPeriod(name: string, duration: number, period: number): void {
  if (!(period > 0) || !(duration >= 0))
    throw new UsageError(
      `${name}: duration and period are in seconds, the period above 0, not ${duration} and ${period}`,
    );
}
