/**
 * One call of a RunEngine: takes messages from the plan and does what they say, until the plan ends or is ended.
 *
 * Commands that need no time run in a plain loop without a single await; every few milliseconds the loop lets the process attend to
 * the rest (input, timers, views). Pause, suspension and the ends are requests, served between two messages or in the middle of one
 * that waits.
 */
import { setMaxListeners } from "node:events";
import { Msg, type Plan } from "../../core/protocols/msg";
import { duringStep, forgetStep, type PlanStep } from "../../core/protocols/planStep";
import type { SetOptions } from "../../core/protocols/protocols";
import { UnstartedPlans } from "../../core/protocols/unstartedPlans";
import { InternalError, UsageError } from "../../errors";
import { CUT, type Heeds, heedsAll, orCut, Waiting } from "../commandSteps";
import type { DocumentName, DocumentTypes } from "../documents/documents";
import type { RunBundler } from "../documents/runBundler";
import type { RunEngineState } from "../engineSettings";
import { FailedPause, type PlanCut, PlanHalt, RequestAbort, RequestStop } from "../planErrors";
import type { Suspender, Suspension } from "../suspend/suspension";
import { Groups } from "./actionGroups";
import { badMessage } from "./badMessage";
import { Hardware } from "./hardware";
import { Hooks } from "./hooks";
import type { CommandOf, ExecutionPartsOf } from "./messageLoopParts";
import { Presence } from "./onStackMarker";
import { Standstill } from "./pauseCycle";
import { ENDED, type Outcome, PlanStack } from "./planStack";
import { type Again, RewindCache, replay } from "./rewindCache";
import { SliceClock } from "./sliceClock";

export type Command = CommandOf<Execution>;
export type ExecutionParts = ExecutionPartsOf<Execution>;

export type Ending = "stopping" | "aborting" | "halting";

const HARSHNESS: Record<Ending, number> = { stopping: 1, aborting: 2, halting: 3 };

const SLICE = Symbol("slice");
const SERVE = Symbol("serve");

export class Execution implements PlanStep {
  readonly parts: ExecutionParts;
  readonly hooks: Hooks;
  readonly groups = new Groups((error, group) => this.#fail(error, group));
  readonly hardware = new Hardware(this.groups, (text, error) => this.report(text, error));
  readonly bundlers = new Map<unknown, RunBundler>();
  readonly runStartUids: string[] = [];
  /** Subscriptions that end with the call. */
  readonly subscriptions = new Set<number>();
  /** Suspenders that the plan installed; a halted plan has no chance to remove them. */
  readonly suspenders = new Set<Suspender>();
  /** Plans the plan made and did not start. */
  readonly unstarted = new UnstartedPlans();
  readonly time = (): number => this.#stack.time();
  reason = "";
  interrupted = false;
  /** A pause waits for the next checkpoint. */
  deferredPauseRequested = false;
  readonly #abort = new AbortController();
  /** Given to every `set`: the signal aborts when the call ends otherwise than by the plan's own end. */
  readonly setOptions: SetOptions = { signal: this.#abort.signal };
  readonly #cache = new RewindCache();
  readonly #stack: PlanStack;
  readonly #standstill: Standstill;
  #current: Msg | null = null;
  /** The message that was waiting when it was cut off. */
  #cutShort: Msg | null = null;
  #wake: (() => void) | null = null;
  /** Of the command that waits: whether the failure of a group ends it. */
  #heeds: Heeds = heedsAll;
  #permit: (() => void) | null = null;
  #requested = false;
  #ending: Ending | null = null;
  #pauseNow = false;
  readonly #suspensions: Suspension[] = [];
  /** Those that hold the plan; the last one lets go first. */
  readonly #holding: Suspension[] = [];
  /** Moves that were cut short by suspensions which have let go while others still hold. */
  readonly #toRestart: Msg[] = [];
  readonly #clock = new SliceClock();
  readonly #presence = new Presence();

  constructor(parts: ExecutionParts) {
    this.parts = parts;
    this.hooks = new Hooks(parts);
    // As many devices as a plan moves at once may listen.
    setMaxListeners(0, this.#abort.signal);
    this.#stack = new PlanStack(parts.plan);
    this.#standstill = new Standstill(this.bundlers, this.hardware, this.groups, this.#cache, this.#stack);
  }

  get state(): RunEngineState {
    return this.hooks.state;
  }

  /** What holds the plan now. */
  get suspensions(): readonly Suspension[] {
    return this.#holding;
  }

  get rewindable(): boolean {
    return this.#cache.recording;
  }

  set rewindable(value: boolean) {
    if (this.#cache.recording === value) return;
    this.#cache.recording = value;
    this.checkpoint();
  }

  /** Tells the person that something went wrong which doesn't end the plan. */
  report(text: string, error: unknown): void {
    this.parts.report(text, error);
  }

  readonly emit = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void => {
    this.parts.record(name, doc);
    this.parts.dispatcher.emit(name, doc);
  };

  /** Runs the plan to its end, whatever end that is; never rejects. */
  async run(suspensions: readonly Suspension[] = []): Promise<Outcome> {
    this.hooks.state = "running";
    await null;
    for (const suspension of suspensions) this.suspend(suspension);
    this.#clock.start();
    this.#presence.enter();
    try {
      await this.#loop();
    } catch (error) {
      return { error: new InternalError("the RunEngine lost its way", { cause: error }) };
    } finally {
      this.#presence.leave();
    }
    return this.#stack.outcome ?? { error: new InternalError("a plan ended without an outcome") };
  }

  /** Whether the plan is being ended: then nothing holds it up in its cleaning. */
  get ending(): boolean {
    return this.state in HARSHNESS;
  }

  /** Pauses now, or at the next checkpoint; one that is paused stays so. */
  pause(defer: boolean): void {
    if (this.#stack.outcome || this.ending || this.state === "pausing" || this.state === "paused") return;
    if (defer) {
      this.deferredPauseRequested = true;
      return;
    }
    this.deferredPauseRequested = false;
    this.interrupted = true;
    this.#pauseNow = true;
    if (this.#cache.open) this.hooks.state = "pausing";
    this.#request();
  }

  /** Goes on after a pause; throws where there is none. */
  resume(): void {
    if (this.state !== "paused") throw new UsageError(`the plan is ${this.state}: only a paused plan can be resumed`);
    this.hooks.state = this.#holding.length > 0 ? "suspended" : "running";
    this.#permit?.();
  }

  suspend(suspension: Suspension): void {
    if (this.ending) return;
    this.#suspensions.push(suspension);
    this.#request();
  }

  /** Ends the plan early. Later calls can only make it harsher: a plan that cleans up after `stop` can still be halted. */
  end(ending: Ending, reason = ""): void {
    if (this.#stack.outcome || HARSHNESS[ending] <= (HARSHNESS[this.state as Ending] ?? 0)) return;
    this.interrupted = true;
    if (reason) this.reason = reason;
    this.#ending = ending;
    this.hooks.state = ending;
    this.#request();
    this.#permit?.();
  }

  /** Everything since here can be done again. */
  checkpoint(): void {
    this.#cache.clear();
    for (const run of this.bundlers.values()) run.checkpoint();
  }

  clearCheckpoint(): void {
    this.#cache.close();
  }

  /** Closes the plans that are left; one that goes on instead is left where it is. */
  closePlans(): void {
    this.#stack.close((error) => this.report("a plan failed while it was closed", error));
  }

  /** After code was stopped by force. @returns whether it was code of this call, which is over then */
  cut(error: PlanCut): boolean {
    if (!this.#presence.here) return false;
    this.#presence.leave();
    forgetStep();
    this.interrupted = true;
    this.reason = error.message;
    this.hooks.state = "aborting";
    this.#stack.cut(error);
    return true;
  }

  /** Lets devices know that nobody waits for their actions any more. They have been stopped before: this ends no movement. */
  giveUp(): void {
    this.#abort.abort();
  }

  async #loop(): Promise<void> {
    for (;;) {
      const next = duringStep(this, () => this.#spin());
      if (next === ENDED) return;
      if (next === SERVE) await this.#serve();
      else if (next !== SLICE) await this.#wait(next);
      if (next === SLICE || this.#clock.isOver()) await this.#presence.awayFor(this.#clock.next());
    }
  }

  #spin(): Waiting | typeof ENDED | typeof SERVE | typeof SLICE {
    const cache = this.#cache;
    const clock = this.#clock;
    const { hardware } = this;
    const { commands, settings } = this.parts;
    const stack = this.#stack;
    for (;;) {
      if (this.#requested) return SERVE;
      const msg = stack.next();
      if (msg === ENDED) return ENDED;
      const command = commands.get(msg?.command);
      this.#current = msg;
      try {
        if (settings.msgHook !== null) this.hooks.message(msg);
        if (command === undefined) throw badMessage(msg);
        if (msg.obj !== null) hardware.seen.add(msg.obj);
        if (command.replayed) cache.add(msg);
        const result = command.run(this, msg);
        if (result instanceof Waiting) return result;
        stack.response = result;
      } catch (error) {
        stack.throw(error);
      }
      if (clock.tick()) return SLICE;
    }
  }

  async #wait({ steps, heeds }: Waiting): Promise<void> {
    this.#heeds = heeds;
    try {
      let step = steps.next();
      while (!step.done) {
        this.#presence.leave();
        const given = await orCut(step.value, this.#heedCut);
        this.#presence.enter();
        if (given === CUT) {
          this.#cutShort = this.#current;
          steps.return(undefined);
          return;
        }
        step = given.ok ? steps.next(given.value) : steps.throw(given.error);
      }
      this.#stack.response = step.value;
    } catch (error) {
      this.#stack.throw(error);
    }
  }

  /** Cuts a wait off when something else becomes more important. */
  readonly #heedCut = (cut: () => void): void => {
    if (this.#requested || this.#stack.failing) cut();
    else this.#wake = cut;
  };

  async #serve(): Promise<void> {
    this.#requested = false;
    if (this.#ending) this.#serveEnd(this.#ending);
    else if ((this.#pauseNow || this.#suspensions.length > 0) && !this.#cache.open) this.#failPause();
    else if (this.#pauseNow) await this.#servePause();
    else {
      const suspension = this.#suspensions.shift();
      if (suspension) await this.#serveSuspension(suspension);
      if (this.#suspensions.length > 0) this.#requested = true;
    }
  }

  #serveEnd(ending: Ending): void {
    this.#ending = null;
    if (ending === "halting") {
      this.closePlans();
      this.#stack.outcome = { error: new PlanHalt() };
    } else this.#endBy(ending === "stopping" ? new RequestStop() : new RequestAbort(this.reason || "aborted"));
  }

  /** A plan that can't be resumed is ended instead of paused. */
  #failPause(): void {
    this.interrupted = true;
    this.hooks.state = "aborting";
    this.#endBy(new FailedPause("a pause after clear_checkpoint ends the plan: it could not be resumed"));
  }

  /** Thrown into the plan, which cleans up: nothing that it began before holds it up or fails it. */
  #endBy(error: Error): void {
    this.#pauseNow = false;
    this.#suspensions.length = 0;
    this.groups.pardonAll();
    this.#stack.throw(error, true);
  }

  async #servePause(): Promise<void> {
    this.#pauseNow = false;
    this.#standstill.record("pause");
    this.#standstill.silence();
    const held = await this.#presence.awayFor(this.#standstill.enter());
    if (this.#ending) {
      this.#requested = true;
      return;
    }
    const permitted = new Promise<void>((resolve) => {
      this.#permit = resolve;
    });
    this.hooks.state = "paused";
    await this.#presence.awayFor(permitted);
    this.#permit = null;
    if (this.#ending) return;
    this.interrupted = false;
    this.#standstill.record("resume");
    const again = this.#rewind(held);
    try {
      if (this.#holding.length > 0) again.restart.forEach(this.#start);
      else await this.#presence.awayFor(this.#standstill.leave(again.restart, this.#start));
      this.#standstill.listen();
    } catch (error) {
      this.#stack.throw(error);
    }
    this.#stack.push(replay(again), again.feeds);
  }

  async #serveSuspension(suspension: Suspension): Promise<void> {
    this.#holding.push(suspension);
    this.hooks.state = "suspended";
    this.#standstill.record(suspension.justification);
    const again = this.#rewind(await this.#presence.awayFor(this.#standstill.enter()));
    this.#stack.push(replay(again, this.#suspended(suspension, again)), again.feeds);
  }

  *#suspended(suspension: Suspension, { restart }: Again): Plan<void> {
    const rewindable = this.rewindable;
    this.rewindable = false;
    try {
      if (suspension.prePlan) yield* suspension.prePlan();
      yield Msg("wait_for", null, [[() => suspension.released]]);
    } catch (error) {
      yield Msg("_resume_from_suspender", null, [suspension, this.state === "suspended" ? restart : []]);
      this.rewindable = rewindable;
      throw error;
    }
    yield Msg("_resume_from_suspender", null, [suspension, restart]);
    if (suspension.postPlan) yield* suspension.postPlan();
    this.rewindable = rewindable;
  }

  /** After a suspension: when none holds any more, devices go on, and moves that were cut short and won't be replayed start again. */
  async letGo(suspension: Suspension, restart: readonly Msg[]): Promise<void> {
    const at = this.#holding.lastIndexOf(suspension);
    if (at >= 0) this.#holding.splice(at, 1);
    this.#toRestart.push(...restart);
    if (this.#holding.length > 0) return;
    if (this.state === "suspended") this.hooks.state = "running";
    await this.#standstill.leave(this.#toRestart.splice(0), this.#start);
  }

  #rewind(held: readonly Msg[]): Again {
    const wasCut = this.#cutShort !== null && this.#cutShort === this.#current;
    this.#cutShort = null;
    return this.#standstill.rewind(held, this.#current, wasCut);
  }

  /** Starts a move again; what the device says against it, the plan hears. */
  readonly #start = (msg: Msg): void => {
    try {
      this.parts.commands.get(msg.command)?.run(this, msg);
    } catch (error) {
      this.#stack.throw(error);
    }
  };

  #fail(error: unknown, group: unknown): void {
    this.#stack.throw(error);
    if (this.#heeds(group)) this.#wake?.();
  }

  #request(): void {
    this.#requested = true;
    this.#wake?.();
  }
}
