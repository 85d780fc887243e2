/** Makes a run of a plan. */

import type { Plan } from "../../core/protocols/msg";
import { exitStatusOf } from "../../engine/planErrors";
import { errorText } from "../../errors";
import { plan } from "../plan";
import { closeRun, openRun, type PlanMetadata } from "../stubs/runStubs";
import { contingencyWrapper } from "./contingencyWrapper";

/**
 * Opens a run before the plan and closes it afterwards, with the exit status of the plan.
 * @returns the run's uid
 */
export const runWrapper = plan(
  "runWrapper",
  function* (inner: Plan, options: { readonly md?: PlanMetadata } = {}): Plan<string> {
    const uid = yield* openRun(options.md);
    yield* contingencyWrapper(inner, {
      exceptPlan: (error) => {
        const exitStatus = exitStatusOf(error);
        return exitStatus === "fail" ? closeRun("fail", errorText(error)) : closeRun(exitStatus);
      },
      elsePlan: () => closeRun(),
    });
    return uid;
  },
);
