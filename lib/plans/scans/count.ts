import type { Plan } from "../../core/protocols/msg";
import type { Readable } from "../../core/protocols/protocols";
import { plan } from "../plan";
import { runWrapper } from "../preprocessors/runWrapper";
import { stageWrapper } from "../preprocessors/stageWrapper";
import { checkDelay, type Delay, repeat } from "../stubs/flowStubs";
import { oneShot } from "../stubs/pointStubs";
import type { PlanMetadata } from "../stubs/runStubs";
import { checkDetectors, checkMaker, checkNum } from "./planArguments";
import { deviceText, withMetadata } from "./planMetadata";

/** Options of `count`, the last argument. */
export interface CountOptions {
  /** Measures a shot instead of `oneShot`. */
  readonly perShot?: (detectors: readonly Readable[]) => Plan<unknown>;
  readonly md?: PlanMetadata;
}

/**
 * Reads the detectors `num` times.
 * @param num default 1; null for ever, until stopped
 * @param delay seconds from the start of a shot to the start of the next, one for all or one for each gap; default 0
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
