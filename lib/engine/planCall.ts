/** One `RE(plan)` as the user sees it: its handle, its notices, its interrupts and its result. */

// What the plan does is the business of its message loop (loop/messageLoop.ts).

import { Observable } from "rxjs";
import { ClearError } from "../clearError";
import { currentHost, type Interruption } from "../display/host";
import { $display } from "../display/mimeBundle";
import { errorText } from "../errors";
import { IsolatedObservable } from "../isolatedObservable";
import { CellInterrupts } from "./cellInterrupts";
import type { Document } from "./documents/documents";
import type { RunEngineState } from "./engineSettings";
import type { EndRequest } from "./loop/endRequests";
import { MessageLoop } from "./loop/messageLoop";
import type { MessageLoopParts } from "./loop/messageLoopParts";
import type { PlanEnd } from "./loop/planCleanup";
import { PlanStoppedByForce } from "./planErrors";
import { CallNotices } from "./result/callNotices";
import { handleBundle } from "./result/runDisplay";
import { RunHandle } from "./result/runHandle";
import { RunRecord } from "./result/runRecord";
import { RunResult } from "./result/runResult";
import type { Suspender, Suspension } from "./suspend/suspension";
import { onTerminalInterrupt } from "./terminalInterrupt";

export interface PlanCallParts extends Omit<MessageLoopParts, "report" | "emit" | "onSelfSuspended"> {
  readonly suspenders: Iterable<Suspender>;
  /** Called when the call is over. */
  readonly onEnd: () => void;
  /** The name that the user has for the engine, for lines to type. */
  readonly engineName: () => string;
}

/** States in which an interrupt finds a plan that goes on or waits. */
const INTERRUPTIBLE: ReadonlySet<RunEngineState> = new Set(["running", "suspended", "paused"]);

/** Seconds that consumers of documents get to finish what they promised. */
const CONSUMERS_LIMIT = 5;

export class PlanCall {
  readonly handle: RunHandle;
  readonly record = new RunRecord();
  readonly #parts: PlanCallParts;
  readonly #loop: MessageLoop;
  readonly #notices: CallNotices;
  readonly #cells = new CellInterrupts((interruption) => this.#onCellInterrupted(interruption));
  readonly #ended: Promise<RunResult>;
  /** Where the user's code called the engine. */
  readonly #started = new Error("the plan was started here");
  #resolve: (result: RunResult) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  /** Whether the user's code awaits the handle. */
  #handleAwaited = false;
  #done = false;
  #consumerFailure: Error | undefined;
  #result: RunResult | undefined;
  /** Whether the plan was interrupted since it last went on. */
  #wasInterrupted = false;
  /** Undo what `start` registered. */
  readonly #unregister: (() => void)[] = [];
  /**
   * The interrupt after which nothing else of the cell should run: Ctrl-C of a headless run, or one that came
   * while the plan asked the user.
   */
  #finalInterruption: Interruption | undefined;

  constructor(parts: PlanCallParts) {
    this.#parts = parts;
    this.#notices = new CallNotices(parts.settings, this.record, parts.engineName);
    this.#loop = new MessageLoop({
      ...parts,
      onState: (state, previous) => this.#onState(state, previous),
      report: (text, ...errors) => this.#notices.problem([text, ...errors.map(errorText)].join(": ")),
      emit: (name, doc) => {
        this.record.add(name, doc);
        parts.dispatcher.emit(name, doc);
      },
      onSelfSuspended: (suspension) => this.#notices.suspended(suspension, false),
    });
    this.#ended = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = (error) => {
        if (error instanceof ClearError) error.startedAt(this.#started.stack);
        reject(error);
      };
    });
    this.#ended.catch(() => {});
    this.handle = this.#makeHandle();
  }

  /** What holds the plan now. */
  get suspensions(): readonly Suspension[] {
    return this.#done ? [] : this.#loop.suspensions;
  }

  /** Starts the plan: its first step comes after the current code of the caller. */
  start(): void {
    const tripped: Suspension[] = [];
    for (const suspender of this.#parts.suspenders) {
      const suspension = suspender.suspension;
      if (suspension) tripped.push({ ...suspension, prePlan: undefined, postPlan: undefined });
    }
    const ending = tripped.find(({ ends }) => ends !== undefined);
    const holding = tripped.filter(({ ends }) => ends === undefined);
    for (const suspension of ending ? [] : holding) this.#notices.suspended(suspension, true);
    this.#finishAfter(this.#loop.run(ending ? [] : holding));
    if (ending) this.#endBy(ending);
    this.#cells.watchCurrentCell();
    const host = currentHost();
    if (!this.#cells.watching && !host.rich)
      this.#unregister.push(onTerminalInterrupt(() => this.abort("interrupted")));
    const abort = () =>
      this.abort("the process ended").then(
        () => {},
        () => {},
      );
    this.#unregister.push(host.onShutdown(abort, "activity"));
    const unregister = host.onCodeStopped?.(() => this.#onCodeStopped());
    if (unregister) this.#unregister.push(unregister);
  }

  pause(defer = false): void {
    if (!this.#done) this.#loop.pause(defer);
  }

  resume(): void {
    if (!this.#done) this.#loop.resume();
  }

  suspend(suspension: Suspension): void {
    if (this.#done || this.#loop.ending) return;
    if (suspension.ends) {
      this.#endBy(suspension);
      return;
    }
    this.#notices.suspended(suspension, false);
    this.#loop.suspend(suspension);
  }

  abort(reason = ""): Promise<RunResult> {
    return this.#end("aborting", reason);
  }

  stop(): Promise<RunResult> {
    return this.#end("stopping");
  }

  halt(exitStatus: "abort" | "success" = "abort"): Promise<RunResult> {
    return this.#end("halting", "", exitStatus);
  }

  /** A condition was met that ends plans. */
  #endBy({ ends, justification }: Suspension): void {
    this.#notices.ended(justification);
    this.#end(ends === "success" ? "stopping" : "aborting", justification).catch(() => {});
  }

  /** @returns whether there was something to pause, or a pause to hurry */
  interrupt(): boolean {
    const { state, pauseDeferred } = this.#loop;
    if (this.#done || !INTERRUPTIBLE.has(state)) return false;
    this.#wasInterrupted = true;
    if (state === "paused") this.#showPaused();
    else if (pauseDeferred || state === "suspended") this.#loop.pause(false);
    else {
      this.#loop.pause(true);
      this.#notices.pausing();
    }
    return true;
  }

  #makeHandle(): RunHandle {
    return new RunHandle({
      documents: () => this.record.documents(),
      result: this.#ended,
      documents$: this.#documents$(),
      control: this,
      state: () => (this.#done ? "idle" : this.#loop.state),
      table: (stream, uid) => this.record.table(stream, uid),
      display: () =>
        this.#result?.[$display]() ??
        handleBundle(this.record, this.#loop.state, this.#loop.suspensions, this.#parts.engineName()),
      onAwaited: () => {
        this.#handleAwaited = true;
        if (!this.#done) this.#cells.watchCurrentCell();
      },
    });
  }

  #onState(state: RunEngineState, previous: RunEngineState): void {
    if (state === "paused") this.#showPaused();
    if (previous === "paused") this.#notices.leftPause(state);
    if (state === "running") this.#wasInterrupted = false;
    this.#parts.onState(state, previous);
  }

  #showPaused(): void {
    const { heldError: error, notHeld } = this.#loop;
    const byInterrupt = this.#wasInterrupted;
    const blocksCell = !byInterrupt && this.#handleAwaited && this.#cells.uninterrupted;
    this.#notices.paused({ byInterrupt, blocksCell, error, notHeld });
    this.#cells.accept(() => this.#awaitedBy());
  }

  /** What code that awaits the handle waits for. */
  #awaitedBy(): string | undefined {
    if (this.#done) return undefined;
    const { state } = this.#loop;
    return `the plan ends: it is ${state}${state === "paused" ? `, ${this.#parts.engineName()}.resume()` : ""}`;
  }

  #onCellInterrupted(interruption: Interruption): void {
    interruption.serving?.(this.#ended, () => !interruption.final && this.interrupt());
    // Nobody can answer a question of the plan when its cell has ended: such a plan is aborted, not paused.
    if (interruption.final || this.#loop.asksUser) {
      this.#finalInterruption ??= interruption;
      this.abort("interrupted").catch(() => {});
    } else this.interrupt();
  }

  /**
   * The code that was stopped may be the plan's, or that of a consumer of its documents: then the call never
   * ends by itself.
   */
  #onCodeStopped(): void {
    const error = new PlanStoppedByForce("the plan's code blocked the process and was stopped by force");
    const end = this.#loop.onCodeStopped(error);
    if (!end) return;
    this.#notices.stoppedByForce();
    this.#cells.accept(() => this.#awaitedBy());
    this.#parts.dispatcher.giveUp();
    this.#finishAfter(end);
  }

  /** A strict consumer of documents has failed: the first failure ends the plan. */
  consumerFailed(error: Error): void {
    if (this.#done || this.#consumerFailure) return;
    this.#consumerFailure = error;
    this.#loop.fail(error);
  }

  async #end(request: EndRequest, reason = "", haltedAs?: "abort" | "success"): Promise<RunResult> {
    if (!this.#done) this.#loop.end(request, reason, haltedAs);
    try {
      return await this.#ended;
    } catch (error) {
      if (this.#result) return this.#result;
      throw error;
    }
  }

  #finishAfter(end: Promise<PlanEnd>): void {
    end
      .then((planEnd) => this.#finish(planEnd))
      .catch((error: unknown) => {
        this.#settle();
        this.#reject(error);
      });
  }

  async #finish({ outcome, ...end }: PlanEnd): Promise<void> {
    const planResult = "value" in outcome ? outcome.value : undefined;
    const result = new RunResult<unknown>({ ...end, planResult }, this.record, this.#parts.engineName);
    this.#result = result;
    await this.#parts.dispatcher.settled(CONSUMERS_LIMIT);
    this.#settle();
    if ("value" in outcome && this.#consumerFailure) this.#reject(this.#consumerFailure);
    else if ("value" in outcome) this.#resolve(result);
    else if (this.#finalInterruption || outcome.error instanceof PlanStoppedByForce) {
      // Rejects though the runs are marked "abort": code that awaits the plan must not go on to the next one.
      this.#reject(this.#finalInterruption ?? outcome.error);
    } else if (end.exitStatus === "fail") {
      if (!this.#handleAwaited) this.#notices.problem(`the plan failed: ${errorText(outcome.error)}`);
      this.#reject(outcome.error);
    } else this.#resolve(result);
  }

  #settle(): void {
    this.#done = true;
    for (const unregister of this.#unregister) unregister();
    this.#parts.onEnd();
    this.#cells.close();
    this.#notices.close();
    this.#loop.becomeIdle();
  }

  /** The documents of this call; completes at its end. */
  #documents$(): Observable<Document> {
    const documents$ = new Observable<Document>((observer) => {
      if (this.#done) {
        observer.complete();
        return undefined;
      }
      const documents = this.#parts.dispatcher.documents$.subscribe(observer);
      const complete = () => observer.complete();
      this.#ended.then(complete, complete);
      return () => documents.unsubscribe();
    });
    return new IsolatedObservable(documents$, (text) => this.#notices.problem(`documents$: ${text}`));
  }
}
