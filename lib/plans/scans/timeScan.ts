/** Measures at equal intervals of time. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import type { OptionNames } from "../../options";
import { checkDetectors } from "../arguments/deviceArguments";
import { checkGiven, namedArguments } from "../arguments/namedArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { checkPeriod, dwell, pointsDuring } from "../stubs/dwell";
import type { TakeReading } from "../stubs/pointStubs";
import { deviceText, type MdOptions, withMetadata } from "./planMetadata";

/** Options of `timeScan`. */
export interface TimeScanOptions extends MdOptions {
  /** Seconds from point to point; default 1. */
  readonly period?: number;
  /** Takes the reading of each point; default `triggerAndRead`. */
  readonly takeReading?: TakeReading;
}

/** The arguments of `timeScan` after the detectors, by name. */
export interface NamedTimeScan extends TimeScanOptions {
  /** Seconds. */
  readonly duration: number;
}

const NAMES: OptionNames<NamedTimeScan> = { duration: true, period: true, takeReading: true, md: true };

/**
 * Measures every `period` seconds for `duration` seconds: `timeScan([det], 600, 5)`, or
 * `timeScan([det], { duration: 600, period: 5 })`.
 * @param period seconds; default 1
 * @returns the run's uid
 */
export const timeScan = plan(
  "timeScan",
  function* (
    detectors: readonly Readable[],
    ...args: [
      duration: number | NamedTimeScan,
      period?: number | TimeScanOptions | undefined,
      options?: TimeScanOptions | undefined,
    ]
  ): Plan<string> {
    const given = namedArguments("timeScan", args, ["duration", "period"], NAMES);
    checkGiven("timeScan", given, ["duration"], "timeScan([detector], duration, period)");
    const { duration, period = 1, ...options } = given;
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
