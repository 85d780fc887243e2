/**
 * What is done after a plan, whatever its end was: devices, runs and subscriptions are left as they should
 * be.
 */

import type { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import { errorText } from "../../errors";
import { runSteps } from "../commandSteps";
import type { ExitStatus } from "../documents/documents";
import type { RunEngineState } from "../engineSettings";
import { deviceName, exitStatusOf, FailedPause } from "../planErrors";
import type { CommandContext } from "./commandContext";
import type { OnStackMarker } from "./onStackMarker";
import type { PlanOutcome, PlanStack } from "./planStack";

/** How a plan ended, and what it did. */
export interface PlanEnd {
  readonly outcome: PlanOutcome;
  readonly exitStatus: ExitStatus;
  readonly reason: string;
  /** Whether the plan was ended from outside. */
  readonly interrupted: boolean;
  readonly runStartUids: readonly string[];
}

/** A plan that takes no more steps. */
export interface EndedPlan {
  readonly outcome: PlanOutcome;
  readonly state: RunEngineState;
  readonly interrupted: boolean;
  readonly stack: PlanStack;
  /** Plans that it made and did not start. */
  readonly unstarted: UnstartedPlans;
  /** Aborted when devices have been stopped: nothing waits for their actions any more. */
  readonly abandoned: AbortController;
  /** Marks the cleanup. */
  readonly marker: OnStackMarker;
}

export async function cleanUpAfter(plan: EndedPlan, context: CommandContext): Promise<PlanEnd> {
  const { outcome, interrupted, marker } = plan;
  const { runs, report } = context;
  marker.enter();
  const { exitStatus, reason } = judge(outcome, plan.state, context.flow.abortReason);
  const endedByItself = "value" in outcome && !interrupted;
  if (endedByItself) for (const text of plan.unstarted.forgotten()) report(text);
  context.waitingFor(null);
  context.groups.close();
  if (!endedByItself) plan.stack.close((error) => report("a plan failed while it was closed", error));
  await marker.whileAwaiting(context.hardware.leave(endedByItself));
  if (!endedByItself) plan.abandoned.abort();
  const onCollectFailure = (device: object, error: unknown) => report(`could not collect ${deviceName(device)}`, error);
  await runSteps(runs.closeAll(exitStatus, reason, onCollectFailure), marker.whileAwaiting);
  context.attachments.detach(plan.state === "halting");
  marker.leave();
  return { outcome, exitStatus, reason, interrupted, runStartUids: [...runs.startUids] };
}

function judge(outcome: PlanOutcome, state: RunEngineState, reason: string): Pick<PlanEnd, "exitStatus" | "reason"> {
  if ("value" in outcome) return { exitStatus: state === "aborting" ? "abort" : "success", reason };
  const { error } = outcome;
  const exitStatus = exitStatusOf(error);
  if (exitStatus === "fail") return { exitStatus, reason: errorText(error) };
  return { exitStatus, reason: reason || (error instanceof FailedPause ? error.message : "") };
}
