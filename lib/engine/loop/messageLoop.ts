/**
 * The message loop of one plan: takes its messages one after the other and does what each says, until the
 * plan ends or is ended; then cleans up.
 *
 * Commands that need no time run in a plain loop without any await; every few milliseconds the loop lets
 * timers, sockets and views have their turn. Pauses, suspensions and requests to end the plan are served
 * between two messages, or interrupt a message that waits.
 */

import { setMaxListeners } from "node:events";
import type { Msg } from "../../core/protocols/msg";
import { duringStep, forgetStep, type PlanStep, planRuns } from "../../core/protocols/planStep";
import type { SetOptions } from "../../core/protocols/protocols";
import { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import { InternalError, UsageError } from "../../errors";
import { PendingResult } from "../commandSteps";
import { CallRuns } from "../documents/callRuns";
import type { RunEngineState } from "../engineSettings";
import { FailedPause, type FailedStatus, type PlanStoppedByForce } from "../planErrors";
import type { Suspension } from "../suspend/suspension";
import { ActionGroups } from "./actionGroups";
import { badMessage } from "./badMessage";
import type { CommandContext } from "./commandContext";
import { CommandWait, INTERRUPTED } from "./commandWait";
import { type EndRequest, EndRequests, isEnding } from "./endRequests";
import { FailedMessages } from "./failedMessages";
import { Hardware } from "./hardware";
import { Hooks } from "./hooks";
import type { MessageLoopParts } from "./messageLoopParts";
import { OnStackMarker } from "./onStackMarker";
import { PauseCycle, type Replay, replayPlan } from "./pauseCycle";
import { PlanAttachments } from "./planAttachments";
import { cleanUpAfter, type PlanEnd } from "./planCleanup";
import { PlanHold } from "./planHold";
import { NO_PLAN_LEFT, type PlanOutcome, PlanStack } from "./planStack";
import { PlanSuspensions, suspendedPlan } from "./planSuspensions";
import { RewindCache } from "./rewindCache";
import { SliceClock } from "./sliceClock";

const SLICE_OVER = Symbol("slice over");
const REQUESTED = Symbol("requested");

export class MessageLoop {
  readonly #parts: MessageLoopParts;
  readonly #hooks: Hooks;
  readonly #runs: CallRuns;
  readonly #groups = new ActionGroups((error, group, msg) => this.#onActionFailed(error, group, msg));
  readonly #hardware = new Hardware(this.#groups, (text, error) => this.#parts.report(text, error));
  readonly #cache: RewindCache;
  readonly #attachments: PlanAttachments;
  readonly #stack: PlanStack;
  readonly #suspensions = new PlanSuspensions();
  readonly #failures: FailedMessages;
  readonly #pauseCycle: PauseCycle;
  readonly #context: CommandContext;
  /** What the plan's own code can ask while it takes a step. */
  readonly #step: PlanStep;
  /** Aborted when the plan was ended and devices were stopped: nothing waits for their actions any more. */
  readonly #abandoned = new AbortController();
  readonly #clock = new SliceClock();
  /** Marks the loop of the plan. */
  readonly #plan = new OnStackMarker();
  /** Marks the cleanup after the plan. */
  readonly #cleanup = new OnStackMarker();
  readonly #wait = new CommandWait(this.#plan, () => this.#requested || this.#stack.failing);
  /** Called when the plan is over. */
  #endOfPlan = () => {};
  #current: Msg | undefined;
  /** The message that waited when its wait was interrupted. */
  #interruptedMsg: Msg | undefined;
  readonly #hold = new PlanHold();
  /** Whether there is a request to serve: an end, a pause or a suspension. */
  #requested = false;
  readonly #ends = new EndRequests();
  #pauseRequested = false;
  #pauseDeferred = false;
  #interrupted = false;

  constructor(parts: MessageLoopParts) {
    this.#parts = parts;
    this.#hooks = new Hooks(parts);
    this.#runs = new CallRuns(parts.emit);
    this.#cache = new RewindCache(this.#runs);
    this.#attachments = new PlanAttachments(parts);
    this.#stack = new PlanStack(parts.plan);
    this.#failures = this.#makeFailures();
    this.#pauseCycle = new PauseCycle(this.#runs, this.#hardware, this.#groups, this.#cache, this.#stack);
    this.#step = { unstarted: new UnstartedPlans(), time: () => this.#stack.time() };
    // Every device that a plan moves at the same time listens to this signal.
    setMaxListeners(0, this.#abandoned.signal);
    this.#context = this.#makeContext({ signal: this.#abandoned.signal });
  }

  get state(): RunEngineState {
    return this.#hooks.state;
  }

  /** What holds the plan now. */
  get suspensions(): readonly Suspension[] {
    return this.#suspensions.holding;
  }

  /** Whether the plan is being ended: then nothing delays its own cleanup. */
  get ending(): boolean {
    return isEnding(this.state);
  }

  /** The error at which the plan is paused, before the plan has it; undefined if there is none. */
  get heldError(): unknown {
    return this.#failures.held?.error;
  }

  /** The names of devices that go on although the plan is paused. */
  get notHeld(): readonly string[] {
    return this.#hardware.notHeld;
  }

  /** Whether a pause waits for the next checkpoint. */
  get pauseDeferred(): boolean {
    return this.#pauseDeferred;
  }

  /**
   * Runs the plan to its end, whatever end that is, and cleans up. `suspensions` hold it before its first
   * message.
   */
  async run(suspensions: readonly Suspension[] = []): Promise<PlanEnd> {
    this.#hooks.state = "running";
    await null;
    for (const suspension of suspensions) this.suspend(suspension);
    this.#clock.start();
    this.#endOfPlan = planRuns();
    return this.#cleanUp(await this.#runPlan());
  }

  /** Pauses now, or with `defer` at the next checkpoint. A paused plan stays paused. */
  pause(defer: boolean): void {
    if (this.#stack.outcome || this.ending || this.state === "pausing" || this.state === "paused") return;
    this.#pauseDeferred = defer;
    if (defer) return;
    this.#interrupted = true;
    this.#pauseRequested = true;
    if (this.#cache.resumable) this.#hooks.state = "pausing";
    this.#request();
  }

  /** Goes on after a pause; throws if the plan is not paused. */
  resume(): void {
    if (this.state !== "paused") throw new UsageError(`the plan is ${this.state}: only a paused plan can be resumed`);
    this.#hooks.state = this.#suspensions.holding.length > 0 ? "suspended" : "running";
    this.#hold.release();
  }

  /** Holds the plan until the suspension releases it. */
  suspend(suspension: Suspension): void {
    if (this.ending) return;
    this.#suspensions.request(suspension);
    this.#request();
  }

  /**
   * Ends the plan early. A later request can only be harsher: a plan that cleans up after `stop` can still be
   * halted.
   */
  end(request: EndRequest, reason = "", haltedAs: "abort" | "success" = "abort"): void {
    if (this.#stack.outcome || !this.#ends.isHarsher(request, this.state)) return;
    this.#interrupted = true;
    this.#ends.add(request, reason, haltedAs);
    this.#hooks.state = request;
    this.#request();
    this.#hold.release();
  }

  /** Throws an error from outside into the plan, e.g. of a consumer that the run needs. */
  fail(error: Error): void {
    if (this.ending || this.#stack.outcome) return;
    this.#stack.throw(error);
    this.#wait.interrupt();
  }

  /**
   * Code was stopped by force: if it was code of this call, `run` never settles.
   * @returns the end of the call in its place, after cleaning up; undefined if it was other code
   */
  onCodeStopped(error: PlanStoppedByForce): Promise<PlanEnd> | undefined {
    if (this.#plan.onStack) {
      this.#plan.leave();
      forgetStep();
      this.#interrupted = true;
      this.#ends.reason = error.message;
      this.#hooks.state = "aborting";
      this.#stack.discard(error);
      return Promise.resolve({ error }).then((outcome) => this.#cleanUp(outcome));
    }
    if (!this.#cleanup.onStack) return undefined;
    this.#cleanup.leave();
    return Promise.reject(error);
  }

  /** The call is over, also for those who consume its documents: the state becomes idle. */
  becomeIdle(): void {
    this.#endOfPlan();
    this.#hooks.state = "idle";
  }

  async #runPlan(): Promise<PlanOutcome> {
    this.#plan.enter();
    try {
      await this.#loop();
    } catch (error) {
      return { error: new InternalError("the RunEngine lost its way", { cause: error }) };
    } finally {
      this.#plan.leave();
    }
    return this.#stack.outcome ?? { error: new InternalError("a plan ended without an outcome") };
  }

  async #loop(): Promise<void> {
    for (;;) {
      const next = duringStep(this.#step, () => this.#spin());
      if (next === NO_PLAN_LEFT) return;
      if (next === REQUESTED) await this.#serveRequest();
      else if (next !== SLICE_OVER) await this.#waitFor(next);
      if (next === SLICE_OVER || this.#clock.isOver()) await this.#plan.whileAwaiting(this.#clock.next());
    }
  }

  /** The hot path: does messages until one has to wait, or something else is to be done. */
  #spin(): PendingResult | typeof NO_PLAN_LEFT | typeof REQUESTED | typeof SLICE_OVER {
    const cache = this.#cache;
    const clock = this.#clock;
    const context = this.#context;
    const { seen } = this.#hardware;
    const { commands, settings } = this.#parts;
    const stack = this.#stack;
    for (;;) {
      if (this.#requested) return REQUESTED;
      const msg = stack.next();
      if (msg === NO_PLAN_LEFT) return NO_PLAN_LEFT;
      const command = commands.get(msg?.command);
      this.#current = msg;
      try {
        if (settings.msgHook !== null) this.#hooks.message(msg);
        if (command === undefined) throw badMessage(msg);
        if (msg.obj !== null) seen.add(msg.obj);
        if (command.replayed) cache.add(msg);
        const result = command.run(context, msg);
        if (result instanceof PendingResult) return result;
        stack.response = result;
      } catch (error) {
        this.#onCommandFailed(error);
      }
      if (clock.tick()) return SLICE_OVER;
    }
  }

  async #waitFor(pending: PendingResult): Promise<void> {
    try {
      const result = await this.#wait.resultOf(pending);
      if (result === INTERRUPTED) this.#interruptedMsg = this.#current;
      else this.#stack.response = result;
    } catch (error) {
      this.#onCommandFailed(error);
    }
  }

  #onCommandFailed(error: unknown): void {
    const msg = this.#current;
    if (this.#failures.onCommandFailed(msg, error)) this.#interruptedMsg = msg;
  }

  #onActionFailed(error: FailedStatus, group: unknown, msg: Msg): void {
    this.#failures.onActionFailed(msg, error);
    this.#wait.onActionFailed(group);
  }

  #request(): void {
    this.#requested = true;
    this.#wait.interrupt();
  }

  async #serveRequest(): Promise<void> {
    this.#requested = false;
    if (this.#ends.pending) this.#serveEnd(this.#ends.pending);
    else if (this.#failures.held) await this.#serveError(this.#failures.held.error);
    else if ((this.#pauseRequested || this.#suspensions.requested) && !this.#cache.resumable) this.#failPause();
    else if (this.#pauseRequested) await this.#servePause();
    else {
      await this.#serveSuspension();
      if (this.#suspensions.requested) this.#requested = true;
    }
  }

  #serveEnd(request: EndRequest): void {
    this.#ends.pending = undefined;
    const error = this.#ends.errorOf(request);
    if (request === "halting") {
      this.#stack.close((failure) => this.#parts.report("a plan failed while it was closed", failure));
      this.#stack.outcome = { error };
    } else this.#endBy(error);
  }

  /** A plan that can't be resumed is ended instead of paused. */
  #failPause(): void {
    this.#interrupted = true;
    this.#hooks.state = "aborting";
    this.#endBy(new FailedPause("a pause after clear_checkpoint ends the plan: it could not be resumed"));
  }

  /**
   * Throws the error into the plan, which cleans up. Actions that it started before can't make its cleanup
   * fail.
   */
  #endBy(error: Error): void {
    this.#pauseRequested = false;
    this.#suspensions.cancelRequests();
    this.#groups.ignoreFailures();
    this.#stack.throw(error, true);
  }

  /** Pauses at an error; then the plan gets the error, unless it is ended. */
  async #serveError(error: unknown): Promise<void> {
    this.#runs.suspendMonitors();
    await this.#plan.whileAwaiting(this.#pauseCycle.stopDevices());
    if (!this.#ends.pending) await this.#pausedUntilResumed();
    this.#failures.held = undefined;
    this.#runs.restoreMonitors();
    if (this.#ends.pending) this.#requested = true;
    else this.#stack.throw(error);
  }

  async #pausedUntilResumed(): Promise<void> {
    const released = this.#hold.untilReleased();
    this.#hooks.state = "paused";
    await this.#plan.whileAwaiting(released);
  }

  async #servePause(): Promise<void> {
    this.#pauseRequested = false;
    this.#runs.recordInterruption("pause");
    this.#runs.suspendMonitors();
    const stopped = await this.#plan.whileAwaiting(this.#pauseCycle.stopDevices());
    if (this.#ends.pending) {
      this.#requested = true;
      return;
    }
    await this.#pausedUntilResumed();
    if (this.#ends.pending) return;
    this.#interrupted = false;
    this.#runs.recordInterruption("resume");
    const replay = this.#rewind(stopped);
    try {
      if (this.#suspensions.holding.length > 0) replay.restart.forEach(this.#restartMove);
      else await this.#plan.whileAwaiting(this.#pauseCycle.restartDevices(replay.restart, this.#restartMove));
      this.#runs.restoreMonitors();
    } catch (error) {
      this.#stack.throw(error);
    }
    this.#stack.push(replayPlan(replay), replay.answersPlan);
  }

  async #serveSuspension(): Promise<void> {
    const suspension = this.#suspensions.holdNext();
    if (!suspension) return;
    this.#hooks.state = "suspended";
    this.#runs.recordInterruption(suspension.justification);
    const stopped = await this.#plan.whileAwaiting(this.#pauseCycle.stopDevices());
    const replay = this.#rewind([...stopped, ...this.#failures.takeFailedActions()]);
    const holds = () => this.state === "suspended";
    const first = suspendedPlan(suspension, replay.restart, this.#cache, holds);
    this.#stack.push(replayPlan(replay, first), replay.answersPlan);
  }

  async #endSuspension(suspension: Suspension, restart: readonly Msg[]): Promise<void> {
    const moves = this.#suspensions.end(suspension, restart);
    if (!moves) return;
    if (this.state === "suspended") this.#hooks.state = "running";
    await this.#pauseCycle.restartDevices(moves, this.#restartMove);
  }

  #rewind(stopped: readonly Msg[]): Replay {
    const wasInterrupted = this.#interruptedMsg !== undefined && this.#interruptedMsg === this.#current;
    this.#interruptedMsg = undefined;
    return this.#pauseCycle.rewind(stopped, this.#current, wasInterrupted);
  }

  /** Starts a move again; an error of the device is thrown into the plan. */
  readonly #restartMove = (msg: Msg): void => {
    try {
      this.#parts.commands.get(msg.command)?.run(this.#context, msg);
    } catch (error) {
      this.#stack.throw(error);
    }
  };

  #cleanUp(outcome: PlanOutcome): Promise<PlanEnd> {
    this.#failures.close();
    const { unstarted } = this.#step;
    const end = { outcome, unstarted, state: this.state, interrupted: this.#interrupted };
    const tools = { stack: this.#stack, abandoned: this.#abandoned, marker: this.#cleanup };
    return cleanUpAfter({ ...end, ...tools }, this.#context);
  }

  #makeFailures(): FailedMessages {
    return new FailedMessages({
      settings: this.#parts.settings,
      stack: this.#stack,
      isGoing: () => !this.ending && !this.#stack.outcome,
      isResumable: () => this.#cache.resumable,
      suspend: (suspension) => this.suspend(suspension),
      show: this.#parts.onSelfSuspended,
      request: () => {
        this.#requested = true;
      },
    });
  }

  #makeContext(setOptions: SetOptions): CommandContext {
    const loop = this;
    const { settings, md, planName, report } = this.#parts;
    return {
      settings,
      md,
      planName,
      setOptions,
      runs: this.#runs,
      groups: this.#groups,
      hardware: this.#hardware,
      rewindCache: this.#cache,
      attachments: this.#attachments,
      flow: {
        get abortReason() {
          return loop.#ends.reason;
        },
        pause: (defer) => this.pause(defer),
        pauseIfDeferred: () => {
          if (this.#pauseDeferred) this.pause(false);
        },
        suspend: (suspension) => {
          this.#parts.onSelfSuspended(suspension);
          this.suspend(suspension);
        },
        endSuspension: (suspension, restart) => this.#endSuspension(suspension, restart),
      },
      waitingFor: (statuses) => this.#hooks.waitingFor(statuses),
      report,
    };
  }
}
