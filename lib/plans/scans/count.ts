/** Measures several times at one place. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { checkDetectors } from "../arguments/deviceArguments";
import { checkMaker, checkNum } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { checkDelay, type Delay, repeat } from "../stubs/flowStubs";
import { oneShot } from "../stubs/pointStubs";
import { deviceText, type MdOptions, withMetadata } from "./planMetadata";

/** Options of `count`, the last argument. */
export interface CountOptions extends MdOptions {
  /** Makes the plan of one measurement; default `oneShot`. */
  readonly perShot?: (detectors: readonly Readable[]) => Plan<unknown>;
}

/**
 * Measures the detectors `num` times.
 * @param num default 1; with null it goes on until it is stopped
 * @param delay seconds from the start of a measurement to the start of the next, one number for all gaps or
 * one for each; default 0
 * @returns the run's uid
 */
export const count = plan(
  "count",
  function* (
    detectors: readonly Readable[],
    num: number | null = 1,
    delay: Delay = 0,
    options: CountOptions = {},
  ): Plan<string> {
    checkDetectors("count", detectors);
    if (num !== null) checkNum("count", num);
    checkDelay("count", delay);
    checkMaker("count", { perShot: options.perShot });
    const { perShot = oneShot } = options;
    const delayText = typeof delay === "number" || Array.isArray(delay) ? delay : "iterable";
    const md = withMetadata(
      {
        detectors: detectors.map((detector) => detector.name),
        num_points: num,
        num_intervals: num === null ? null : num - 1,
        plan_args: { detectors: detectors.map(deviceText), num, delay: delayText },
        plan_name: "count",
      },
      options.md,
      { dimensions: [[["time"], "primary"]] },
    );
    const shots = repeat(() => perShot(detectors), num, delay);
    return yield* stageWrapper(runWrapper(shots, { md }), detectors);
  },
);
