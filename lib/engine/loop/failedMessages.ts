/**
 * What becomes of a message that failed: its error is thrown into the plan, or holds the plan before that
 * (`pauseOnError`), or the plan waits for a device that is gone and does the message again (`onDisconnect`).
 */

import type { Msg } from "../../core/protocols/msg";
import type { Settings } from "../engineSettings";
import type { Suspension } from "../suspend/suspension";
import { Disconnections } from "./disconnections";
import type { PlanStack } from "./planStack";

/** The parts of the loop that `FailedMessages` needs. */
export interface FailingPlan {
  readonly settings: Pick<Settings, "onDisconnect" | "pauseOnError">;
  readonly stack: PlanStack;
  /** Whether the plan goes on, neither over nor being ended. */
  readonly isGoing: () => boolean;
  /** Whether the plan can be taken up again at its last checkpoint. */
  readonly isResumable: () => boolean;
  readonly suspend: (suspension: Suspension) => void;
  /** Shows the user that the plan waits. */
  readonly show: (suspension: Suspension) => void;
  /** Has the loop serve a request before its next message. */
  readonly request: () => void;
}

export class FailedMessages {
  readonly #plan: FailingPlan;
  readonly #disconnections: Disconnections;
  /** The error at which the plan pauses, before the plan has it. */
  held: { readonly error: unknown } | undefined;

  constructor(plan: FailingPlan) {
    this.#plan = plan;
    this.#disconnections = new Disconnections(plan.settings, plan.show);
  }

  /** Throws the error into the plan, or pauses before that if the user wishes to look around. */
  throw(error: unknown): void {
    if (!this.#plan.settings.pauseOnError || !this.#plan.isGoing()) this.#plan.stack.throw(error);
    else if (this.held === undefined) {
      this.held = { error };
      this.#plan.request();
    }
  }

  /** A command failed. @returns whether the plan waits for its device, and then does the message again */
  onCommandFailed(msg: Msg | undefined, error: unknown): boolean {
    if (msg && this.#waitsFor(msg, error)) return true;
    this.throw(error);
    return false;
  }

  /** An action failed that a message had started. */
  onActionFailed(msg: Msg, error: unknown): void {
    if (this.#waitsFor(msg, error)) this.#disconnections.failed.push(msg);
    else this.throw(error);
  }

  /** The messages of actions that failed because their device is gone; they are not given again. */
  takeFailedActions(): readonly Msg[] {
    return this.#disconnections.failed.splice(0);
  }

  /** The call is over. */
  close(): void {
    this.#disconnections.close();
  }

  /** If a message failed because its device is gone: holds the plan, which then does the message again. */
  #waitsFor(msg: Msg, error: unknown): boolean {
    if (!this.#plan.isGoing() || !this.#plan.isResumable()) return false;
    const suspension = this.#disconnections.suspensionFor(msg, error);
    if (!suspension) return false;
    this.#plan.suspend(suspension);
    return true;
  }
}
