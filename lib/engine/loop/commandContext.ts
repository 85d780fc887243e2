/** The parts of a call that its commands see. */

import type { Msg } from "../../core/protocols/msg";
import type { SetOptions, StatusLike } from "../../core/protocols/protocols";
import type { CallRuns } from "../documents/callRuns";
import type { CallMetadata } from "../documents/metadata";
import type { Settings } from "../engineSettings";
import type { Suspension } from "../suspend/suspension";
import type { ActionGroups } from "./actionGroups";
import type { Hardware } from "./hardware";
import type { PlanAttachments } from "./planAttachments";
import type { RewindCache } from "./rewindCache";

/** A command of the RunEngine: what it does for a message of that name. */
export interface EngineCommand {
  /** Returns the result that is sent to the plan, or a `PendingResult`. */
  readonly run: (context: CommandContext, msg: Msg) => unknown;
  /** Whether the command is done again after a pause if it came after the last checkpoint. */
  readonly replayed: boolean;
}

/** How a command changes the course of its plan. */
export interface PlanFlow {
  /** Why the call is being aborted; "" if no reason was given. */
  readonly abortReason: string;
  /** Pauses at once, or with `defer` at the next checkpoint. */
  pause(defer: boolean): void;
  /** Pauses at once if a pause waits for a checkpoint. */
  pauseIfDeferred(): void;
  /** Holds the plan until the suspension releases it. */
  suspend(suspension: Suspension): void;
  /**
   * Ends a suspension; `restart` are the moves it stopped, which start again when no suspension holds the
   * plan.
   */
  endSuspension(suspension: Suspension, restart: readonly Msg[]): Promise<void>;
}

export interface CommandContext extends CallMetadata {
  readonly settings: Settings;
  readonly runs: CallRuns;
  /** The actions for which `wait` waits. */
  readonly groups: ActionGroups;
  readonly hardware: Hardware;
  readonly rewindCache: RewindCache;
  readonly attachments: PlanAttachments;
  readonly flow: PlanFlow;
  /** For every `set` and `trigger`: the signal aborts when the plan is ended before its own end. */
  readonly setOptions: SetOptions;
  /** Reports the statuses that the plan waits for now; null when it goes on. */
  waitingFor(statuses: readonly StatusLike[] | null): void;
  /** Shows the user a problem that does not end the plan. */
  report(text: string, ...errors: unknown[]): void;
}
