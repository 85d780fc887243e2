/** One call of a RunEngine from start to idle: runs the plan, leaves everything clean, and settles the handle. */
import { randomUUID } from "node:crypto";
import { Observable } from "rxjs";
import { $display } from "../display/bundle";
import type { Callout } from "../display/callout";
import { currentHost, type Interruption } from "../display/host";
import { errorText } from "../errors";
import { IsolatedObservable } from "../isolatedObservable";
import { finished } from "./commandSteps";
import type { Document, ExitStatus } from "./documents/documents";
import type { NoticePlace, RunEngineState } from "./engineSettings";
import { Execution, type ExecutionParts } from "./loop/messageLoop";
import { Presence } from "./loop/onStackMarker";
import type { Outcome } from "./loop/planStack";
import { deviceName, exitStatusOf, FailedPause, PlanCut } from "./planErrors";
import {
  cutNotice,
  deferredNotice,
  pausedNotice,
  releasedNotice,
  resumedNotice,
  suspendedNotice,
  tellNotice,
} from "./result/notices";
import { handleBundle } from "./result/runDisplay";
import { RunHandle } from "./result/runHandle";
import { RunRecord } from "./result/runRecord";
import { RunResult } from "./result/runResult";
import type { Suspender, Suspension } from "./suspend/suspension";
import { onTerminalInterrupt } from "./terminalInterrupt";

export interface CallParts extends Omit<ExecutionParts, "report" | "record" | "showSuspended"> {
  readonly suspenders: Iterable<Suspender>;
}

/** Where an interrupt finds a plan that goes on or waits. */
const INTERRUPTIBLE: ReadonlySet<RunEngineState> = new Set(["running", "suspended", "paused"]);

/** Seconds which consumers get to finish what they promised. */
const CONSUMERS_LIMIT = 5;

export class Call {
  readonly handle: RunHandle;
  readonly record = new RunRecord();
  readonly #parts: CallParts;
  readonly #execution: Execution;
  readonly #ended: PromiseWithResolvers<RunResult>;
  readonly #signals = new Map<AbortSignal, () => void>();
  /** Shows notices in the cell of the call, whoever causes them. */
  readonly #notify: (notice: Callout, place?: NoticePlace) => void;
  #awaited = false;
  #done = false;
  #result: RunResult | null = null;
  #interrupts = 0;
  /** Display id of the notice that the plan will pause. */
  #pausing: string | undefined;
  /** The notice that the plan is paused, and since when (unix seconds). */
  #paused: { readonly id: string; readonly since: number } | undefined;
  #unwatchTerminal: () => void = () => undefined;
  #forgetShutdown: () => void = () => undefined;
  #forgetStops: () => void = () => undefined;
  /** Of what follows the plan. */
  readonly #finishing = new Presence();

  constructor(parts: CallParts) {
    this.#parts = parts;
    this.#notify = currentHost().bind((notice: Callout, place?: NoticePlace) =>
      tellNotice(parts.settings, notice, place),
    );
    this.#execution = new Execution({
      ...parts,
      onState: (state, previous) => {
        if (state === "paused") this.#showPaused();
        if (previous === "paused") this.#showLeft(state);
        if (state === "running") this.#interrupts = 0;
        parts.onState(state, previous);
      },
      report: (text, error) => this.#problem(`${text}: ${errorText(error)}`),
      record: this.record.add,
      showSuspended: (suspension) => this.#showSuspended(suspension, false),
    });
    this.#ended = withResolvers();
    this.#ended.promise.catch(() => undefined);
    this.handle = new RunHandle({
      result: this.#ended.promise,
      documents$: this.#documents$(),
      control: this,
      state: () => (this.#done ? "idle" : this.#execution.state),
      table: (stream, uid) => this.record.table(stream, uid),
      display: () =>
        this.#result?.[$display]() ?? handleBundle(this.record, this.#execution.state, this.#execution.suspensions),
      awaited: () => {
        this.#awaited = true;
        this.#watchInterrupt();
      },
    });
  }

  /** What holds the plan now. */
  get suspensions(): readonly Suspension[] {
    return this.#done ? [] : this.#execution.suspensions;
  }

  /** Starts the plan; it takes its first step after the caller's own. */
  start(): void {
    const tripped: Suspension[] = [];
    for (const suspender of this.#parts.suspenders) {
      const suspension = suspender.suspension;
      if (suspension) tripped.push({ ...suspension, prePlan: undefined, postPlan: undefined });
    }
    for (const suspension of tripped) this.#showSuspended(suspension, true);
    this.#execution
      .run(tripped)
      .then((outcome) => this.#finish(outcome))
      .catch((error: unknown) => this.#settle(() => this.#ended.reject(error)));
    this.#watchInterrupt();
    if (this.#signals.size === 0 && !currentHost().rich)
      this.#unwatchTerminal = onTerminalInterrupt(() => this.abort("interrupted"));
    const end = () =>
      this.abort("the process ended").then(
        () => undefined,
        () => undefined,
      );
    this.#forgetShutdown = currentHost().onShutdown(end, "activity");
    this.#forgetStops = currentHost().onCodeStopped?.(() => this.#onCodeStopped()) ?? this.#forgetStops;
  }

  pause(defer = false): void {
    if (!this.#done) this.#execution.pause(defer);
  }

  resume(): void {
    if (!this.#done) this.#execution.resume();
  }

  suspend(suspension: Suspension): void {
    if (this.#done || this.#execution.ending) return;
    this.#showSuspended(suspension, false);
    this.#execution.suspend(suspension);
  }

  abort(reason = ""): Promise<RunResult> {
    return this.#end("aborting", reason);
  }

  stop(): Promise<RunResult> {
    return this.#end("stopping");
  }

  halt(): Promise<RunResult> {
    return this.#end("halting");
  }

  /** @returns whether there was something left to pause or to hurry */
  interrupt(): boolean {
    const { state, deferredPauseRequested } = this.#execution;
    if (this.#done || !INTERRUPTIBLE.has(state)) return false;
    this.#interrupts += 1;
    if (state === "paused") this.#showPaused();
    else if (deferredPauseRequested) this.#execution.pause(false);
    else {
      this.#execution.pause(true);
      this.#pausing = randomUUID();
      this.#notify(deferredNotice(), { id: this.#pausing, update: false });
    }
    return true;
  }

  /** In the place of the notice that it will pause, if there is one. */
  #showPaused(): void {
    const id = this.#pausing ?? this.#paused?.id;
    this.#pausing = undefined;
    this.#paused = { id: id ?? randomUUID(), since: this.#paused?.since ?? Date.now() / 1000 };
    this.#notify(pausedNotice(this.record, this.#interrupts > 0), { id: this.#paused.id, update: id !== undefined });
    this.#accept();
  }

  /** What the cells were interrupted for is done and shown. */
  #accept(): void {
    for (const { aborted, reason } of this.#signals.keys()) {
      if (aborted) (reason as Interruption | undefined)?.accepted?.();
    }
  }

  /** In the place of the notice that it is paused, whose lines to type are of no use any more. */
  #showLeft(state: RunEngineState): void {
    const paused = this.#paused;
    this.#paused = undefined;
    if (paused && state === "running") this.#notify(resumedNotice(paused.since), { id: paused.id, update: true });
  }

  /** `waits`: before the plan has started. */
  #showSuspended(suspension: Suspension, waits: boolean): void {
    const id = randomUUID();
    this.#notify(suspendedNotice(suspension, waits), { id, update: false });
    const released = () => {
      if (!this.#done) this.#notify(releasedNotice(suspension), { id, update: true });
    };
    suspension.released.then(released, () => undefined);
  }

  async #end(ending: "stopping" | "aborting" | "halting", reason = ""): Promise<RunResult> {
    if (!this.#done) this.#execution.end(ending, reason);
    try {
      return await this.#ended.promise;
    } catch (error) {
      if (this.#result) return this.#result;
      throw error;
    }
  }

  /** The plan's own code may have been stopped, or that of who consumes its documents: then nothing goes on by itself. */
  #onCodeStopped(): void {
    const error = new PlanCut("the plan's code blocked the process and was stopped by force");
    const inPlan = this.#execution.cut(error);
    if (!inPlan && !this.#finishing.here) return;
    this.#notify(cutNotice(), { id: this.#pausing ?? randomUUID(), update: this.#pausing !== undefined });
    this.#accept();
    this.#parts.dispatcher.giveUp();
    const settle = (): void => this.#settle(() => this.#ended.reject(error));
    if (inPlan) this.#finish({ error }).catch(settle);
    else settle();
  }

  async #finish(outcome: Outcome): Promise<void> {
    this.#finishing.enter();
    const execution = this.#execution;
    const { exitStatus, reason } = this.#judge(outcome);
    const endedByItself = "value" in outcome && !execution.interrupted;
    if (endedByItself) for (const text of execution.unstarted.forgotten()) this.#problem(text);
    execution.hooks.waitingFor(null);
    execution.groups.close();
    if (!endedByItself) execution.closePlans();
    await this.#finishing.awayFor(execution.hardware.leave(endedByItself));
    if (!endedByItself) execution.giveUp();
    for (const run of execution.bundlers.values()) {
      run.monitors.clear();
      const rest = run.flyers.collectRest((device, error) =>
        execution.report(`could not collect ${deviceName(device)}`, error),
      );
      await this.#finishing.awayFor(finished(rest));
      run.close(exitStatus, reason);
    }
    execution.bundlers.clear();
    for (const token of execution.subscriptions) this.#parts.dispatcher.unsubscribe(token);
    if (execution.state === "halting") for (const each of execution.suspenders) this.#parts.removeSuspender(each);
    const planResult = "value" in outcome ? outcome.value : undefined;
    const { runStartUids, interrupted } = execution;
    const result = new RunResult<unknown>(
      { runStartUids: [...runStartUids], planResult, exitStatus, interrupted, reason },
      this.record,
    );
    this.#result = result;
    await this.#finishing.awayFor(this.#parts.dispatcher.settled(CONSUMERS_LIMIT));
    this.#settle(() => {
      // Code that awaits the plan must not go on to the next one.
      if ("error" in outcome && outcome.error instanceof PlanCut) this.#ended.reject(outcome.error);
      else if (exitStatus === "fail" && "error" in outcome) this.#reject(outcome.error);
      else this.#ended.resolve(result);
    });
  }

  #judge(outcome: Outcome): { exitStatus: ExitStatus; reason: string } {
    const { state, reason } = this.#execution;
    if ("value" in outcome) return { exitStatus: state === "aborting" ? "abort" : "success", reason };
    const { error } = outcome;
    const exitStatus = exitStatusOf(error);
    if (exitStatus === "fail") return { exitStatus, reason: errorText(error) };
    return { exitStatus, reason: reason || (error instanceof FailedPause ? error.message : "") };
  }

  /** A failure that nobody waits for is told at least. */
  #reject(error: unknown): void {
    if (!this.#awaited) this.#problem(`the plan failed: ${errorText(error)}`);
    this.#ended.reject(error);
  }

  #settle(settle: () => void): void {
    this.#done = true;
    this.#unwatchTerminal();
    this.#forgetShutdown();
    this.#forgetStops();
    this.#finishing.leave();
    for (const [signal, listener] of this.#signals) signal.removeEventListener("abort", listener);
    this.#signals.clear();
    this.#execution.hooks.state = "idle";
    settle();
  }

  /** The interrupt button of the cell that started the plan, or of one that awaits it. */
  #watchInterrupt(): void {
    const signal = currentHost().currentSignal();
    if (!signal || this.#done || this.#signals.has(signal)) return;
    const listener = () => this.#serveInterrupt((signal.reason ?? {}) as Interruption);
    this.#signals.set(signal, listener);
    if (signal.aborted) listener();
    else signal.addEventListener("abort", listener, { once: true });
  }

  #serveInterrupt(interruption: Interruption): void {
    interruption.serving?.(this.#ended.promise, () => !interruption.final && this.interrupt());
    if (interruption.final) this.abort("interrupted").catch(() => undefined);
    else this.interrupt();
  }

  #documents$(): Observable<Document> {
    const documents$ = new Observable<Document>((observer) => {
      if (this.#done) {
        observer.complete();
        return undefined;
      }
      const documents = this.#parts.dispatcher.documents$.subscribe(observer);
      const complete = () => observer.complete();
      this.#ended.promise.then(complete, complete);
      return () => documents.unsubscribe();
    });
    return new IsolatedObservable(documents$, (text) => this.#problem(`documents$: ${text}`));
  }

  #problem(text: string): void {
    this.#notify({ kind: "problem", title: "Problem", text });
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}
