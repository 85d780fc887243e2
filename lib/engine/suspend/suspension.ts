/** What the engine needs of a suspender: something that can hold plans and let them go. */
import type { Plan } from "../../core/protocols/msg";

/** Why and until when plans have to wait. */
export interface Suspension {
  /** What is wrong, with the values. */
  readonly justification: string;
  /** What lets the plan go on, after "It goes on ...". */
  readonly until: string;
  /** Unix seconds. */
  readonly since: number;
  /** Resolves when the plan may go on; must not reject. */
  readonly released: Promise<void>;
  /** Done when the plan is held, and before it goes on. */
  readonly prePlan?: (() => Plan) | undefined;
  readonly postPlan?: (() => Plan) | undefined;
}

/** Anything that can hold plans: install it by `RE.installSuspender`, or in a plan by `suspendWrapper`. */
export interface Suspender {
  /** The hold it has on plans now; null while its condition is fine. */
  readonly suspension: Suspension | null;
  /** Starts to watch; `suspend` is called whenever the condition trips, also if it is tripped now. */
  install(suspend: (suspension: Suspension) => void): void;
  /** Stops watching and lets go. */
  remove(): void;
}

export function isSuspender(value: unknown): value is Suspender {
  return (
    typeof value === "object" && value !== null && "install" in value && "remove" in value && "suspension" in value
  );
}
