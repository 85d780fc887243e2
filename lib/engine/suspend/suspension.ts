/**
 * The members that the engine needs of a suspender, and of a suspension: one time in which it holds plans.
 */

import type { Msg } from "../../core/protocols/msg";

/**
 * The plan that runs at each suspension: a function that makes a plan (or messages), or a list of messages.
 */
export type SuspensionPlan = (() => Iterable<Msg>) | readonly Msg[];

/** Why plans have to wait, and until when. */
export interface Suspension {
  /** The fault, with the value, e.g. "beam = 1 is below 2". */
  readonly justification: string;
  /** The condition that releases the plan, to follow "It goes on", e.g. "when it is above 3". */
  readonly until: string;
  /** When the condition tripped (unix seconds). */
  readonly since: number;
  /** Set if the condition ends plans instead of holding them: how their runs are marked. */
  readonly ends?: "success" | "abort" | undefined;
  /** Resolves when the plan may go on; must not reject. */
  readonly released: Promise<void>;
  /** After `released`: the error with which the plan fails instead of going on. Default: it goes on. */
  readonly failure?: () => unknown;
  /** Done when the plan is suspended. */
  readonly prePlan?: SuspensionPlan | undefined;
  /** Done before the plan goes on. */
  readonly postPlan?: SuspensionPlan | undefined;
}

/**
 * Something that can hold plans: install it by `RE.installSuspender`, or for one plan by `suspendWrapper`.
 */
export interface Suspender {
  /** The suspension that holds plans now; null while the condition is fine. */
  readonly suspension: Suspension | null;
  /** Starts watching. Calls `suspend` whenever the condition trips, and at once if it is tripped already. */
  install(suspend: (suspension: Suspension) => void): void;
  /** Stops watching and releases the plan. */
  remove(): void;
}

export function isSuspender(value: unknown): value is Suspender {
  return (
    typeof value === "object" && value !== null && "install" in value && "remove" in value && "suspension" in value
  );
}
