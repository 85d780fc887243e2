/** Everything that interrupts a plan: pauses, suspensions, errors that hold it and requests to end it. */

// They are requested at any time and served between two messages; a message that waits is interrupted for
// them. Of several, an end is served first, then an error that holds the plan, a pause, a suspension.

import type { Msg } from "../../core/protocols/msg";
import { UsageError } from "../../errors";
import type { CallRuns } from "../documents/callRuns";
import { FailedPause } from "../planErrors";
import type { Suspension } from "../suspend/suspension";
import type { ActionGroups } from "./actionGroups";
import { type EndRequest, EndRequests, isEnding } from "./endRequests";
import { FailedMessages } from "./failedMessages";
import type { Hardware } from "./hardware";
import type { Hooks } from "./hooks";
import type { MessageLoopParts } from "./messageLoopParts";
import type { OnStackMarker } from "./onStackMarker";
import { PauseCycle, type Replay, replayPlan } from "./pauseCycle";
import { PlanHold } from "./planHold";
import type { PlanStack } from "./planStack";
import { PlanSuspensions, suspendedPlan } from "./planSuspensions";
import type { RewindCache } from "./rewindCache";

/** The parts of the loop that `PlanInterruptions` needs. */
export interface InterruptedLoop {
  readonly parts: Pick<MessageLoopParts, "settings" | "onSelfSuspended" | "report">;
  readonly hooks: Hooks;
  readonly stack: PlanStack;
  readonly runs: CallRuns;
  readonly groups: ActionGroups;
  readonly hardware: Hardware;
  readonly cache: RewindCache;
  /** Marks the loop: it is left while the plan is held. */
  readonly marker: OnStackMarker;
  /** Interrupts the message that waits, if one does. */
  readonly interruptWait: () => void;
  /** The message that is done now or was done last. */
  readonly currentMessage: () => Msg | undefined;
  /** Starts a move again. */
  readonly runMessage: (msg: Msg) => void;
}

export class PlanInterruptions {
  readonly #loop: InterruptedLoop;
  readonly #ends = new EndRequests();
  readonly #suspensions = new PlanSuspensions();
  readonly #hold = new PlanHold();
  readonly #pauseCycle: PauseCycle;
  #pauseRequested = false;
  #pauseDeferred = false;
  #byUser = false;
  /** The message that waited when its wait was interrupted. */
  #interruptedMessage: Msg | undefined;
  /** Whether the loop has to call `serve` before its next message. */
  requested = false;
  /** What becomes of messages that failed; their errors can hold the plan. */
  readonly failures: FailedMessages;

  constructor(loop: InterruptedLoop) {
    this.#loop = loop;
    const { parts, runs, hardware, groups, cache, stack } = loop;
    this.#pauseCycle = new PauseCycle(runs, hardware, groups, cache, stack);
    this.failures = new FailedMessages({
      settings: parts.settings,
      stack,
      isGoing: () => !this.ending && !stack.outcome,
      isResumable: () => cache.resumable,
      suspend: (suspension) => this.suspend(suspension),
      show: parts.onSelfSuspended,
      request: () => {
        this.requested = true;
      },
    });
  }

  /** Whether the plan is being ended: then nothing delays its own cleanup. */
  get ending(): boolean {
    return isEnding(this.#loop.hooks.state);
  }

  /** Whether a pause waits for the next checkpoint. */
  get pauseDeferred(): boolean {
    return this.#pauseDeferred;
  }

  /** Whether the plan was paused and not resumed, or ended from outside. */
  get byUser(): boolean {
    return this.#byUser;
  }

  /** The suspensions that hold the plan now. */
  get suspensions(): readonly Suspension[] {
    return this.#suspensions.holding;
  }

  /** Why the plan is being ended; "" if no reason was given. */
  get endReason(): string {
    return this.#ends.reason;
  }

  /** Pauses now, or with `defer` at the next checkpoint. A paused plan stays paused. */
  pause(defer: boolean): void {
    const { hooks, cache, stack } = this.#loop;
    if (stack.outcome || this.ending || hooks.state === "pausing" || hooks.state === "paused") return;
    this.#pauseDeferred = defer;
    if (defer) return;
    this.#byUser = true;
    this.#pauseRequested = true;
    if (cache.resumable) hooks.state = "pausing";
    this.#request();
  }

  /** Goes on after a pause; throws if the plan is not paused. */
  resume(): void {
    const { hooks } = this.#loop;
    if (hooks.state !== "paused") throw new UsageError(`the plan is ${hooks.state}: only a paused plan can be resumed`);
    hooks.state = this.suspensions.length > 0 ? "suspended" : "running";
    this.#hold.release();
  }

  /** Holds the plan until the suspension releases it. */
  suspend(suspension: Suspension): void {
    if (this.ending) return;
    this.#suspensions.request(suspension);
    this.#request();
  }

  /**
   * A suspension ends.
   * @param restart the moves it stopped, which start again when no suspension holds the plan
   */
  async endSuspension(suspension: Suspension, restart: readonly Msg[]): Promise<void> {
    const moves = this.#suspensions.end(suspension, restart);
    if (!moves) return;
    const { hooks } = this.#loop;
    if (hooks.state === "suspended") hooks.state = "running";
    await this.#pauseCycle.restartDevices(moves, this.#restartMove);
  }

  /**
   * Ends the plan early. A later request can only be harsher: a plan that cleans up after `stop` can still be
   * halted.
   */
  end(request: EndRequest, reason: string, haltedAs: "abort" | "success"): void {
    const { hooks, stack } = this.#loop;
    if (stack.outcome || !this.#ends.isHarsher(request, hooks.state)) return;
    this.#byUser = true;
    this.#ends.add(request, reason, haltedAs);
    hooks.state = request;
    this.#request();
    this.#hold.release();
  }

  /** Code of the plan was stopped by force: its call is aborted for this reason. */
  onCodeStopped(reason: string): void {
    this.#byUser = true;
    this.#ends.reason = reason;
    this.#loop.hooks.state = "aborting";
  }

  /** The wait of this message was interrupted, or is done again: the message has no result yet. */
  messageInterrupted(msg: Msg | undefined): void {
    this.#interruptedMessage = msg;
  }

  /** Serves what was requested. */
  async serve(): Promise<void> {
    this.requested = false;
    const { cache } = this.#loop;
    if (this.#ends.pending) this.#serveEnd(this.#ends.pending);
    else if (this.failures.held) await this.#serveError(this.failures.held.error);
    else if ((this.#pauseRequested || this.#suspensions.requested) && !cache.resumable) this.#failPause();
    else if (this.#pauseRequested) await this.#servePause();
    else {
      await this.#serveSuspension();
      if (this.#suspensions.requested) this.requested = true;
    }
  }

  #request(): void {
    this.requested = true;
    this.#loop.interruptWait();
  }

  #serveEnd(request: EndRequest): void {
    const { stack, parts } = this.#loop;
    this.#ends.pending = undefined;
    const error = this.#ends.errorOf(request);
    if (request === "halting") {
      stack.close((failure) => parts.report("a plan failed while it was closed", failure));
      stack.outcome = { error };
    } else this.#endBy(error);
  }

  /** A plan that can't be resumed is ended instead of paused. */
  #failPause(): void {
    this.#byUser = true;
    this.#loop.hooks.state = "aborting";
    this.#endBy(new FailedPause("a pause after clear_checkpoint ends the plan: it could not be resumed"));
  }

  /**
   * Throws the error into the plan, which cleans up. Actions that it started before can't make its cleanup
   * fail.
   */
  #endBy(error: Error): void {
    this.#pauseRequested = false;
    this.#suspensions.cancelRequests();
    this.#loop.groups.ignoreFailures();
    this.#loop.stack.throw(error, true);
  }

  /** Pauses at an error; then the plan gets the error, unless it is ended. */
  async #serveError(error: unknown): Promise<void> {
    const { runs, stack } = this.#loop;
    runs.suspendMonitors();
    await this.#stopDevices();
    if (!this.#ends.pending) await this.#pausedUntilResumed();
    this.failures.held = undefined;
    runs.restoreMonitors();
    if (this.#ends.pending) this.requested = true;
    else stack.throw(error);
  }

  async #servePause(): Promise<void> {
    const { runs, stack, marker } = this.#loop;
    this.#pauseRequested = false;
    runs.recordInterruption("pause");
    runs.suspendMonitors();
    const stopped = await this.#stopDevices();
    if (this.#ends.pending) {
      this.requested = true;
      return;
    }
    await this.#pausedUntilResumed();
    if (this.#ends.pending) return;
    this.#byUser = false;
    runs.recordInterruption("resume");
    const replay = this.#rewind(stopped);
    try {
      if (this.suspensions.length > 0) replay.restart.forEach(this.#restartMove);
      else await marker.whileAwaiting(this.#pauseCycle.restartDevices(replay.restart, this.#restartMove));
      runs.restoreMonitors();
    } catch (error) {
      stack.throw(error);
    }
    stack.push(replayPlan(replay), replay.answersPlan);
  }

  async #serveSuspension(): Promise<void> {
    const { hooks, runs, stack, cache } = this.#loop;
    const suspension = this.#suspensions.holdNext();
    if (!suspension) return;
    hooks.state = "suspended";
    runs.recordInterruption(suspension.justification);
    const stopped = await this.#stopDevices();
    const replay = this.#rewind([...stopped, ...this.failures.takeFailedActions()]);
    const holds = () => hooks.state === "suspended";
    const first = suspendedPlan(suspension, replay.restart, cache, holds);
    stack.push(replayPlan(replay, first), replay.answersPlan);
  }

  #stopDevices(): Promise<readonly Msg[]> {
    return this.#loop.marker.whileAwaiting(this.#pauseCycle.stopDevices());
  }

  async #pausedUntilResumed(): Promise<void> {
    const released = this.#hold.untilReleased();
    this.#loop.hooks.state = "paused";
    await this.#loop.marker.whileAwaiting(released);
  }

  #rewind(stopped: readonly Msg[]): Replay {
    const current = this.#loop.currentMessage();
    const wasInterrupted = this.#interruptedMessage !== undefined && this.#interruptedMessage === current;
    this.#interruptedMessage = undefined;
    return this.#pauseCycle.rewind(stopped, current, wasInterrupted);
  }

  /** Starts a move again; an error of the device is thrown into the plan. */
  readonly #restartMove = (msg: Msg): void => {
    try {
      this.#loop.runMessage(msg);
    } catch (error) {
      this.#loop.stack.throw(error);
    }
  };
}
