/** Requests to end a plan: `stop`, `abort` and `halt`, of which a later one can only be harsher. */

import type { RunEngineState } from "../engineSettings";
import { PlanHalt, RequestAbort, RequestStop } from "../planErrors";

export type EndRequest = "stopping" | "aborting" | "halting";

const HARSHNESS: Record<EndRequest, number> = { stopping: 1, aborting: 2, halting: 3 };

/** Whether a plan in this state is being ended. */
export function isEnding(state: RunEngineState): state is EndRequest {
  return state in HARSHNESS;
}

/** The request that a plan has not served yet, and what was said with it. */
export class EndRequests {
  /** The request to serve next; undefined if there is none. */
  pending: EndRequest | undefined;
  /** The reason that was given; empty if none was. */
  reason = "";
  #haltedAs: "abort" | "success" = "abort";

  /** Whether `request` ends a plan in this state more harshly than what ends it already. */
  isHarsher(request: EndRequest, state: RunEngineState): boolean {
    return HARSHNESS[request] > (isEnding(state) ? HARSHNESS[state] : 0);
  }

  add(request: EndRequest, reason: string, haltedAs: "abort" | "success"): void {
    if (reason) this.reason = reason;
    this.pending = request;
    this.#haltedAs = haltedAs;
  }

  /** What ends the plan by this request: thrown into it, or for a halt its outcome. */
  errorOf(request: EndRequest): PlanHalt | RequestStop | RequestAbort {
    if (request === "halting") return new PlanHalt(this.#haltedAs);
    return request === "stopping" ? new RequestStop() : new RequestAbort(this.reason || "aborted");
  }
}
