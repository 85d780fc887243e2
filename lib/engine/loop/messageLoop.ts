/**
 * The message loop of one plan: takes its messages one after the other and does what each says, until the
 * plan ends or is ended; then cleans up.
 */

// Commands that need no time run in a plain loop without any await; every few milliseconds the loop lets
// timers, sockets and views have their turn. `planInterruptions` serves pauses, suspensions and requests to
// end the plan between two messages.

import { setMaxListeners } from "node:events";
import type { Msg } from "../../core/protocols/msg";
import { duringStep, forgetStep, type PlanStep, planRuns } from "../../core/protocols/planStep";
import type { SetOptions } from "../../core/protocols/protocols";
import { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import { InternalError } from "../../errors";
import { PendingResult } from "../commandSteps";
import { CallRuns } from "../documents/callRuns";
import type { RunEngineState } from "../engineSettings";
import type { FailedStatus, PlanStoppedByForce } from "../planErrors";
import type { Suspension } from "../suspend/suspension";
import { ActionGroups } from "./actionGroups";
import { badMessage } from "./badMessage";
import type { CommandContext } from "./commandContext";
import { CommandWait, INTERRUPTED } from "./commandWait";
import type { EndRequest } from "./endRequests";
import { Hardware } from "./hardware";
import { Hooks } from "./hooks";
import type { MessageLoopParts } from "./messageLoopParts";
import { OnStackMarker } from "./onStackMarker";
import { PlanAttachments } from "./planAttachments";
import { cleanUpAfter, type PlanEnd } from "./planCleanup";
import { PlanInterruptions } from "./planInterruptions";
import { NO_PLAN_LEFT, type PlanOutcome, PlanStack } from "./planStack";
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
  readonly #interruptions: PlanInterruptions;
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
  readonly #wait = new CommandWait(this.#plan, () => this.#interruptions.requested || this.#stack.failing);
  /** Called when the plan is over. */
  #endOfPlan = () => {};
  #current: Msg | undefined;

  constructor(parts: MessageLoopParts) {
    this.#parts = parts;
    this.#hooks = new Hooks(parts);
    this.#runs = new CallRuns(parts.emit);
    this.#cache = new RewindCache(this.#runs);
    this.#attachments = new PlanAttachments(parts);
    this.#stack = new PlanStack(parts.plan);
    this.#interruptions = this.#makeInterruptions();
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
    return this.#interruptions.suspensions;
  }

  /** Whether the plan is being ended: then nothing delays its own cleanup. */
  get ending(): boolean {
    return this.#interruptions.ending;
  }

  /** The error at which the plan is paused, before the plan has it; undefined if there is none. */
  get heldError(): unknown {
    return this.#interruptions.failures.held?.error;
  }

  /** The names of devices that go on although the plan is paused. */
  get notHeld(): readonly string[] {
    return this.#hardware.notHeld;
  }

  /** Whether a pause waits for the next checkpoint. */
  get pauseDeferred(): boolean {
    return this.#interruptions.pauseDeferred;
  }

  /** Whether the plan waits for the user's answer to a question. */
  get asksUser(): boolean {
    return this.state === "running" && this.#current?.command === "input";
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
    this.#interruptions.pause(defer);
  }

  /** Goes on after a pause; throws if the plan is not paused. */
  resume(): void {
    this.#interruptions.resume();
  }

  /** Holds the plan until the suspension releases it. */
  suspend(suspension: Suspension): void {
    this.#interruptions.suspend(suspension);
  }

  /**
   * Ends the plan early. A later request can only be harsher: a plan that cleans up after `stop` can still be
   * halted.
   */
  end(request: EndRequest, reason = "", haltedAs: "abort" | "success" = "abort"): void {
    this.#interruptions.end(request, reason, haltedAs);
  }

  /** Throws an error from outside into the plan, e.g. of a consumer that the run needs. */
  fail(error: Error): void {
    if (this.ending || this.#stack.outcome) return;
    this.#stack.throw(error);
    this.#wait.interrupt();
  }

  /**
   * Code was stopped by force: if it was code of this call, `run` never settles.
   * @returns the end of the call instead, after cleaning up; undefined if it was other code
   */
  onCodeStopped(error: PlanStoppedByForce): Promise<PlanEnd> | undefined {
    if (this.#plan.onStack) {
      this.#plan.leave();
      forgetStep();
      this.#interruptions.onCodeStopped(error.message);
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
      if (next === REQUESTED) await this.#interruptions.serve();
      else if (next !== SLICE_OVER) await this.#waitFor(next);
      if (next === SLICE_OVER || this.#clock.isOver()) await this.#plan.whileAwaiting(this.#clock.next());
    }
  }

  /** The hot path: does messages until one has to wait, or something else is to be done. */
  #spin(): PendingResult | typeof NO_PLAN_LEFT | typeof REQUESTED | typeof SLICE_OVER {
    const cache = this.#cache;
    const clock = this.#clock;
    const context = this.#context;
    const interruptions = this.#interruptions;
    const { seen } = this.#hardware;
    const { commands, settings } = this.#parts;
    const stack = this.#stack;
    for (;;) {
      if (interruptions.requested) return REQUESTED;
      const msg = stack.next();
      if (msg === NO_PLAN_LEFT) return NO_PLAN_LEFT;
      const command = commands.get(msg?.command);
      this.#current = msg;
      try {
        if (settings.msgHook !== null) this.#hooks.message(msg);
        if (command === undefined) throw badMessage(msg, [...commands.keys()]);
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
      if (result === INTERRUPTED) this.#interruptions.messageInterrupted(this.#current);
      else this.#stack.response = result;
    } catch (error) {
      this.#onCommandFailed(error);
    }
  }

  #onCommandFailed(error: unknown): void {
    const msg = this.#current;
    if (this.#interruptions.failures.onCommandFailed(msg, error)) this.#interruptions.messageInterrupted(msg);
  }

  #onActionFailed(error: FailedStatus, group: unknown, msg: Msg): void {
    this.#interruptions.failures.onActionFailed(msg, error);
    this.#wait.onActionFailed(group);
  }

  #cleanUp(outcome: PlanOutcome): Promise<PlanEnd> {
    this.#interruptions.failures.close();
    const { unstarted } = this.#step;
    const end = { outcome, unstarted, state: this.state, interrupted: this.#interruptions.byUser };
    const tools = { stack: this.#stack, abandoned: this.#abandoned, marker: this.#cleanup };
    return cleanUpAfter({ ...end, ...tools }, this.#context);
  }

  #makeInterruptions(): PlanInterruptions {
    return new PlanInterruptions({
      parts: this.#parts,
      hooks: this.#hooks,
      stack: this.#stack,
      runs: this.#runs,
      groups: this.#groups,
      hardware: this.#hardware,
      cache: this.#cache,
      marker: this.#plan,
      interruptWait: () => this.#wait.interrupt(),
      currentMessage: () => this.#current,
      runMessage: (msg) => this.#parts.commands.get(msg.command)?.run(this.#context, msg),
    });
  }

  #makeContext(setOptions: SetOptions): CommandContext {
    const interruptions = this.#interruptions;
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
          return interruptions.endReason;
        },
        pause: (defer) => interruptions.pause(defer),
        pauseIfDeferred: () => {
          if (interruptions.pauseDeferred) interruptions.pause(false);
        },
        suspend: (suspension) => {
          this.#parts.onSelfSuspended(suspension);
          interruptions.suspend(suspension);
        },
        endSuspension: (suspension, restart) => interruptions.endSuspension(suspension, restart),
      },
      waitingFor: (statuses) => this.#hooks.waitingFor(statuses),
      report,
    };
  }
}
