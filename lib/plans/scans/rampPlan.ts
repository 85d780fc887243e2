/** Measures while a ramp of any kind goes on. */

import type { Plan } from "../../core/protocols/msg";
import type { StatusLike, Subscribable } from "../../core/protocols/protocols";
import { planTime } from "../../engine/loop/planTime";
import { UsageError } from "../../errors";
import { notDevice } from "../arguments/notDevice";
import { checkTimes } from "../arguments/valueArguments";
import { plan } from "../plan";
import { monitorDuringWrapper } from "../preprocessors/duringWrappers";
import { msgMutator } from "../preprocessors/mutators";
import { runWrapper } from "../preprocessors/runWrapper";
import { RampFail } from "../rampFail";
import { type Group, sleep, wait } from "../stubs/flowStubs";
import { type MdOptions, overridden } from "./planMetadata";

/** Options of `rampPlan`, the last argument. */
export interface RampPlanOptions extends MdOptions {
  /** Whether to measure once before the ramp; default true. */
  readonly takePreData?: boolean;
  /** Seconds until the plan fails, not counting those it is paused or suspended; default: never. */
  readonly timeout?: number | null;
  /** Seconds from the start of a measurement to the start of the next; default: as fast as possible. */
  readonly period?: number | null;
}

/**
 * Starts a ramp, measures until it is done, and records every update of a signal meanwhile.
 *
 * A pause stops the ramp, and resuming starts it again.
 * @param goPlan starts the ramp and returns its status, e.g. `absSet(cryo, 300)`
 * @param measure makes the plan of one measurement
 * @returns the run's uid
 */
export const rampPlan = plan(
  "rampPlan",
  function* (
    goPlan: Plan<StatusLike>,
    monitorSignal: Subscribable,
    measure: () => Plan,
    options: RampPlanOptions = {},
  ): Plan<string> {
    if (typeof (goPlan as Partial<Plan>)?.next !== "function") {
      throw new UsageError("rampPlan: argument 1 is the plan that starts the ramp, e.g. absSet(cryo, 300)");
    }
    if (typeof (monitorSignal as Partial<Subscribable>)?.subscribe !== "function") {
      throw notDevice("rampPlan: argument 2", monitorSignal, "can't be monitored: it has no subscribe()");
    }
    if (typeof measure !== "function") {
      throw new UsageError("rampPlan: argument 3 is a function that makes the plan of one measurement");
    }
    checkTimes("rampPlan", options);
    const md = overridden({ plan_name: "ramp_plan" }, options.md);
    return yield* monitorDuringWrapper(runWrapper(measureDuring(goPlan, measure, options), { md }), [monitorSignal]);
  },
);

function* measureDuring(
  goPlan: Plan<StatusLike>,
  measure: () => Plan,
  { takePreData = true, timeout = null, period = null }: RampPlanOptions,
): Plan<void> {
  const end = timeout === null ? Number.POSITIVE_INFINITY : planTime() + timeout;
  if (takePreData) yield* measure();
  let group: unknown = null;
  const status = yield* msgMutator(goPlan, (msg) => {
    if ("group" in msg.kwargs) group = msg.kwargs.group;
    return msg;
  });
  for (let done = status.done; !done; done = status.done && (status.success || (yield* isDone(group as Group)))) {
    const started = planTime();
    yield* measure();
    if (planTime() > end) throw new RampFail(`the ramp is not done after ${timeout} s`);
    const left = period === null ? 0 : started + period - planTime();
    if (left > 0) yield* sleep(left);
  }
  yield* measure();
}

/**
 * Whether a ramp that a pause stopped and resuming started again is done: the plan does
 * not have the status of the second start.
 */
function isDone(group: Group): Plan<boolean> {
  return wait(group, { timeout: 0.001, errorOnTimeout: false });
}
