/** Measures several times at one place. */

import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import type { OptionNames } from "../../options";
import { checkDetectors } from "../arguments/deviceArguments";
import { namedArguments } from "../arguments/namedArguments";
import { checkMaker, checkNum, madePlan } from "../arguments/valueArguments";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { checkDelay, type Delay, repeat } from "../stubs/flowStubs";
import { oneShot } from "../stubs/pointStubs";
import { deviceText, type MdOptions, withMetadata } from "./planMetadata";

/** Arguments of `count` that can be given by name. */
export interface CountOptions extends MdOptions {
  /** The number of measurements; default 1. With null it goes on until it is stopped. */
  readonly num?: number | null;
  /**
   * Seconds from the start of a measurement to the start of the next: one number for all gaps, or one for
   * each. Default 0.
   */
  readonly delay?: Delay;
  /** Makes the plan of one measurement; default `oneShot`. */
  readonly perShot?: (detectors: readonly Readable[]) => Plan<unknown>;
}

/** By position, by name, or partly so. */
type CountArgs = [
  num?: number | null | CountOptions,
  delay?: Delay | CountOptions | undefined,
  options?: CountOptions | undefined,
];

const NAMES: OptionNames<CountOptions> = { num: true, delay: true, perShot: true, md: true };

/**
 * Measures the detectors `num` times: `count([det], 10, 0.5)`, or
 * `count([det], { num: 10, delay: 0.5, md })`.
 * @param num default 1; with null it goes on until it is stopped
 * @param delay seconds from the start of a measurement to the start of the next, one number for all gaps or
 * one for each; default 0
 * @returns the run's uid
 */
export const count = plan("count", function* (detectors: readonly Readable[], ...args: CountArgs): Plan<string> {
  const { num = 1, delay = 0, ...options } = namedArguments("count", args, ["num", "delay"], NAMES);
  checkDetectors("count", detectors);
  if (num !== null) checkNum("count", num);
  checkDelay("count", delay);
  checkMaker("count", { perShot: options.perShot });
  const { perShot = oneShot } = options;
  const delayText = typeof delay === "number" || delay === null || Array.isArray(delay) ? delay : "iterable";
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
  const shots = repeat(() => madePlan("count", "perShot", perShot(detectors)), num, delay);
  return yield* stageWrapper(runWrapper(shots, { md }), detectors);
});
