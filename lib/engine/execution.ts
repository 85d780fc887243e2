/**
 * One call of a RunEngine: takes messages from the plan and does what they say, until the plan ends or is ended.
 *
 * Commands that need no time run in a plain loop without a single await; every few milliseconds the loop lets the process attend to
 * the rest (input, timers, views). Pause, suspension and the ends are requests, served between two messages or in the middle of one
 * that waits.
 */
import type { Msg, Plan } from "../core/msg";
import type { SetOptions, StatusLike } from "../core/protocols";
import { InternalError } from "../errors";
import { badMessage } from "./badMessage";
import type { Dispatcher } from "./dispatcher";
import type { DocumentName, DocumentTypes } from "./documents";
import { Groups } from "./groups";
import { Hardware } from "./hardware";
import { FailedPause, PlanHalt, RequestAbort, RequestStop } from "./planErrors";
import { RewindCache, replay } from "./rewind";
import type { RunBundler } from "./runBundler";
import type { Metadata, RunEngineState, Settings } from "./settings";
import { SliceClock } from "./sliceClock";
import type { Suspender, Suspension } from "./suspender";
import { setUnstarted, Unstarted } from "./unstarted";
import { Waiting } from "./waiting";

/** What the engine does for a message. `replayed`: done again after a pause if it came after the last checkpoint. */
export interface Command {
  readonly run: (execution: Execution, msg: Msg) => unknown;
  readonly replayed: boolean;
}

/** What an execution is made of. */
export interface ExecutionParts {
  readonly plan: Plan;
  readonly planName: string;
  readonly md: Metadata;
  readonly settings: Settings;
  readonly dispatcher: Dispatcher;
  readonly commands: ReadonlyMap<string, Command>;
  readonly installSuspender: (suspender: Suspender) => void;
  readonly removeSuspender: (suspender: Suspender) => void;
  readonly onState: (state: RunEngineState, previous: RunEngineState) => void;
  readonly onWaiting: (statuses: readonly StatusLike[] | null) => void;
  readonly report: (text: string, error: unknown) => void;
  /** Sees every document before the subscribers. */
  readonly record: (name: DocumentName, doc: DocumentTypes[DocumentName]) => void;
}

export type Ending = "stopping" | "aborting" | "halting";

/** How a call ended. */
export type Outcome = { readonly value: unknown } | { readonly error: unknown };

interface Frame {
  readonly plan: Plan;
  /** Whether its return value is the answer the plan below waits for. */
  readonly feeds: boolean;
  /** The answer for the plan below, where this one doesn't feed it. */
  readonly parked: unknown;
}

const ENDED = Symbol("ended");
const SLICE = Symbol("slice");
const SERVE = Symbol("serve");
const CUT = Symbol("cut");

export class Execution {
  readonly #parts: ExecutionParts;
  readonly groups = new Groups((error) => this.#fail(error));
  readonly hardware = new Hardware(this.groups, (text, error) => this.report(text, error));
  readonly bundlers = new Map<unknown, RunBundler>();
  readonly runStartUids: string[] = [];
  /** Subscriptions that end with the call. */
  readonly subscriptions = new Set<number>();
  /** Plans the plan made and did not start. */
  readonly unstarted = new Unstarted();
  reason = "";
  interrupted = false;
  readonly #abort = new AbortController();
  /** Given to every `set`: the signal aborts when the call ends otherwise than by the plan's own end. */
  readonly setOptions: SetOptions = { signal: this.#abort.signal };
  readonly #cache = new RewindCache();
  readonly #frames: Frame[] = [];
  #state: RunEngineState = "idle";
  #response: unknown = undefined;
  #thrown: { readonly error: unknown } | null = null;
  #outcome: Outcome | null = null;
  #current: Msg | null = null;
  /** The message that was waiting when it was cut off. */
  #cutShort: Msg | null = null;
  #wake: (() => void) | null = null;
  #permit: (() => void) | null = null;
  #waitingFor: readonly StatusLike[] | null = null;
  #requested = false;
  #ending: Ending | null = null;
  #pauseNow = false;
  #pauseAtCheckpoint = false;
  readonly #suspensions: Suspension[] = [];
  #held = 0;
  readonly #clock = new SliceClock();

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
    this.#push(parts.plan, false);
  }

  get settings(): Settings {
    return this.#parts.settings;
  }

  get dispatcher(): Dispatcher {
    return this.#parts.dispatcher;
  }

  /** Metadata given with the call. */
  get md(): Metadata {
    return this.#parts.md;
  }

  /** Name of the plan's function, "" where it is not known. */
  get planName(): string {
    return this.#parts.planName;
  }

  get state(): RunEngineState {
    return this.#state;
  }

  /** Whether the plan can go on after a pause: until `clear_checkpoint`. */
  get resumable(): boolean {
    return this.#cache.open;
  }

  get rewindable(): boolean {
    return this.#cache.recording;
  }

  set rewindable(value: boolean) {
    if (this.#cache.recording === value) return;
    this.#cache.recording = value;
    this.checkpoint();
  }

  /** Tells what the plan waits for; null when it goes on. */
  waitingFor(statuses: readonly StatusLike[] | null): void {
    const known = this.#waitingFor;
    if (statuses && known && statuses.length === known.length && statuses.every((s) => known.includes(s))) return;
    this.#waitingFor = statuses;
    try {
      this.#parts.onWaiting(statuses);
    } catch (error) {
      this.report("waitingHook failed", error);
    }
  }

  get deferredPauseRequested(): boolean {
    return this.#pauseAtCheckpoint;
  }

  installSuspender(suspender: Suspender): void {
    this.#parts.installSuspender(suspender);
  }

  removeSuspender(suspender: Suspender): void {
    this.#parts.removeSuspender(suspender);
  }

  /** Tells the person that something went wrong which doesn't end the plan. */
  report(text: string, error: unknown): void {
    this.#parts.report(text, error);
  }

  readonly emit = <N extends DocumentName>(name: N, doc: DocumentTypes[N]): void => {
    this.#parts.record(name, doc);
    this.#parts.dispatcher.emit(name, doc);
  };

  /** Runs the plan to its end, whatever end that is; never rejects. */
  async run(suspensions: readonly Suspension[] = []): Promise<Outcome> {
    this.setState("running");
    await null;
    for (const suspension of suspensions) this.suspend(suspension);
    this.#clock.start();
    try {
      await this.#loop();
    } catch (error) {
      this.#outcome = { error: new InternalError("the RunEngine lost its way", { cause: error }) };
    }
    return this.#outcome ?? { error: new InternalError("a plan ended without an outcome") };
  }

  /** Pauses now, or at the next checkpoint. */
  pause(defer: boolean): void {
    if (this.#outcome) return;
    if (defer) {
      this.#pauseAtCheckpoint = true;
      return;
    }
    this.#pauseAtCheckpoint = false;
    this.interrupted = true;
    this.#pauseNow = true;
    if (this.#cache.open) this.setState("pausing");
    this.#request();
  }

  resume(): void {
    this.#permit?.();
  }

  suspend(suspension: Suspension): void {
    this.#suspensions.push(suspension);
    this.#request();
  }

  /** Ends the plan early. Later calls can only make it harsher: a plan that cleans up after `stop` can still be halted. */
  end(ending: Ending, reason = ""): void {
    if (this.#outcome || this.#state === ending || this.#state === "halting") return;
    this.interrupted = true;
    if (reason) this.reason = reason;
    this.#ending = ending;
    this.setState(ending);
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

  setState(state: RunEngineState): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    try {
      this.#parts.onState(state, previous);
    } catch (error) {
      this.report("stateHook failed", error);
    }
  }

  /** Closes the plans that are left; a plan that goes on instead is left where it is. */
  abandon(): void {
    this.#abort.abort();
    for (let frame = this.#frames.pop(); frame; frame = this.#frames.pop()) {
      try {
        frame.plan.return(undefined);
      } catch (error) {
        this.report("a plan failed while it was closed", error);
      }
    }
  }

  async #loop(): Promise<void> {
    for (;;) {
      const next = this.#turn();
      if (next === ENDED) return;
      if (next === SERVE) await this.#serve();
      else if (next !== SLICE) await this.#wait(next);
      if (next === SLICE || this.#clock.isOver()) await this.#clock.next();
    }
  }

  #turn(): Waiting | typeof ENDED | typeof SERVE | typeof SLICE {
    setUnstarted(this.unstarted);
    try {
      return this.#spin();
    } finally {
      setUnstarted(null);
    }
  }

  #spin(): Waiting | typeof ENDED | typeof SERVE | typeof SLICE {
    const cache = this.#cache;
    const clock = this.#clock;
    const { hardware } = this;
    const { commands, settings } = this.#parts;
    for (;;) {
      if (this.#requested) return SERVE;
      const frame = this.#frames[this.#frames.length - 1];
      if (!frame) return ENDED;
      let step: IteratorResult<Msg, unknown>;
      try {
        step = this.#thrown === null ? frame.plan.next(this.#response) : frame.plan.throw(this.#takeThrown());
      } catch (error) {
        this.#pop({ error });
        continue;
      }
      if (step.done) {
        this.#pop({ value: step.value });
        continue;
      }
      const msg = step.value;
      const command = commands.get(msg?.command);
      this.#current = msg;
      this.#response = undefined;
      try {
        if (settings.msgHook !== null) this.#callMsgHook(msg);
        if (command === undefined) throw badMessage(msg);
        if (msg.obj !== null) hardware.seen.add(msg.obj);
        if (command.replayed) cache.add(msg);
        const result = command.run(this, msg);
        if (result instanceof Waiting) return result;
        this.#response = result;
      } catch (error) {
        this.#thrown ??= { error };
      }
      if (clock.tick()) return SLICE;
    }
  }

  async #wait({ steps }: Waiting): Promise<void> {
    try {
      let step = steps.next();
      while (!step.done) {
        const given = await this.#orCut(step.value);
        if (given === CUT) {
          this.#cutShort = this.#current;
          steps.return(undefined);
          return;
        }
        step = given.ok ? steps.next(given.value) : steps.throw(given.error);
      }
      this.#response = step.value;
    } catch (error) {
      this.#thrown ??= { error };
    }
  }

  /** What the promise gives, unless something else becomes more important. */
  #orCut(
    promise: PromiseLike<unknown>,
  ): Promise<{ ok: true; value: unknown } | { ok: false; error: unknown } | typeof CUT> {
    return new Promise((resolve) => {
      promise.then(
        (value) => resolve({ ok: true, value }),
        (error: unknown) => resolve({ ok: false, error }),
      );
      if (this.#requested || this.#thrown) resolve(CUT);
      else this.#wake = () => resolve(CUT);
    });
  }

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
    this.#pauseNow = false;
    this.#suspensions.length = 0;
    const error = ending === "stopping" ? new RequestStop() : new RequestAbort(this.reason || "aborted");
    if (ending === "halting") {
      this.#outcome = { error: new PlanHalt() };
      this.abandon();
    } else {
      this.#thrown = { error };
    }
  }

  /** A plan that can't be resumed is ended instead of paused. */
  #failPause(): void {
    this.#pauseNow = false;
    this.#suspensions.length = 0;
    this.interrupted = true;
    this.setState("aborting");
    this.#thrown = { error: new FailedPause("a pause after clear_checkpoint ends the plan: it could not be resumed") };
  }

  async #servePause(): Promise<void> {
    this.#pauseNow = false;
    for (const run of this.bundlers.values()) run.recordInterruption("pause");
    const held = await this.#hold();
    if (this.#ending) {
      this.#requested = true;
      return;
    }
    const permitted = new Promise<void>((resolve) => {
      this.#permit = resolve;
    });
    this.setState("paused");
    await permitted;
    this.#permit = null;
    if (this.#ending) return;
    this.setState(this.#held > 0 ? "suspended" : "running");
    this.interrupted = false;
    for (const run of this.bundlers.values()) run.recordInterruption("resume");
    const again = this.#rewind(held);
    await this.#letGo(again.restart);
    this.#push(replay(again.messages), again.feeds);
  }

  async #serveSuspension(suspension: Suspension): Promise<void> {
    this.#held += 1;
    this.setState("suspended");
    for (const run of this.bundlers.values()) run.recordInterruption(suspension.justification);
    const again = this.#rewind(await this.#hold());
    this.#push(this.#suspended(suspension, again.messages, again.restart), again.feeds);
  }

  *#suspended(suspension: Suspension, messages: readonly Msg[], restart: readonly Msg[]): Plan {
    const rewindable = this.rewindable;
    this.rewindable = false;
    if (suspension.prePlan) yield* suspension.prePlan();
    yield { command: "wait_for", obj: null, args: [[() => suspension.released]], kwargs: {}, run: null };
    yield { command: "_resume_from_suspender", obj: null, args: [restart], kwargs: {}, run: null };
    if (suspension.postPlan) yield* suspension.postPlan();
    this.rewindable = rewindable;
    return yield* replay(messages);
  }

  /** Stops what moves, no events of monitors. @returns the moves that were cut short */
  async #hold(): Promise<readonly Msg[]> {
    for (const run of this.bundlers.values()) run.monitors.suspend();
    const { cut, replayable } = await this.hardware.hold();
    if (!replayable) this.checkpoint();
    return cut;
  }

  async #letGo(restart: readonly Msg[]): Promise<void> {
    await this.hardware.release();
    for (const run of this.bundlers.values()) run.monitors.restore();
    for (const msg of restart) this.#parts.commands.get(msg.command)?.run(this, msg);
  }

  /** After a suspension: devices and monitors go on, moves that were cut short and won't be replayed start again. */
  letGo(restart: readonly Msg[]): Promise<void> {
    this.#held -= 1;
    if (this.#held === 0 && this.#state === "suspended") this.setState("running");
    return this.#letGo(restart);
  }

  /** What has to be done again: all since the checkpoint, and the message that was cut short; and which moves to start again besides. */
  #rewind(held: readonly Msg[]): { messages: readonly Msg[]; restart: readonly Msg[]; feeds: boolean } {
    const messages = this.#cache.take();
    for (const action of [...this.groups.allOpen()]) if (messages.includes(action.msg)) this.groups.pardon(action);
    if (messages.length > 0) for (const run of this.bundlers.values()) run.rewind();
    const current = this.#current;
    if (current && this.#cutShort === current && messages.at(-1) !== current) messages.push(current);
    this.#cutShort = null;
    return {
      messages,
      restart: held.filter((msg) => !messages.includes(msg)),
      feeds: messages.length > 0 && messages.at(-1) === current,
    };
  }

  #push(plan: Plan, feeds: boolean): void {
    this.#frames.push({ plan, feeds, parked: this.#response });
    this.#response = undefined;
  }

  #pop(outcome: Outcome): void {
    const frame = this.#frames.pop();
    if (this.#frames.length === 0) this.#outcome = outcome;
    else if ("error" in outcome) this.#thrown = outcome;
    else this.#response = frame?.feeds ? outcome.value : frame?.parked;
  }

  #takeThrown(): unknown {
    const thrown = this.#thrown;
    this.#thrown = null;
    return thrown?.error;
  }

  #fail(error: unknown): void {
    this.#thrown ??= { error };
    this.#wake?.();
  }

  #request(): void {
    this.#requested = true;
    this.#wake?.();
  }

  #callMsgHook(msg: Msg): void {
    try {
      this.settings.msgHook?.(msg);
    } catch (error) {
      this.report("msgHook failed", error);
    }
  }
}
