/** Measures at equal intervals of time. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { checkDetectors } from "../arguments/deviceArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { checkPeriod, dwell, pointsDuring } from "../stubs/dwell";
import type { TakeReading } from "../stubs/pointStubs";
import { deviceText, type MdOptions, withMetadata } from "./planMetadata";

/** Options of `timeScan`, the last argument. */
export interface TimeScanOptions extends MdOptions {
  /** Takes the reading of each point; default `triggerAndRead`. */
  readonly takeReading?: TakeReading;
}

/**
 * Measures every `period` seconds for `duration` seconds: `timeScan([det], 600, 5)`.
 * @param period seconds; default 1
 * @returns the run's uid
 */
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
    const num = pointsDuring(duration, period);
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
