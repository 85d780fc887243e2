/** The interface of a RunEngine: its members, its options, and the ways to call it with a plan. */

import type { Observable } from "rxjs";
import type { StatusLike } from "../core/protocols/protocols";
import type { Displayable } from "../display/mimeBundle";
import type { OptionNames } from "../options";
import type { SubscribeOptions } from "./documents/dispatcher";
import type { Document, DocumentName, DocumentTypes } from "./documents/documents";
import type { DocumentReceiver, Subscriptions } from "./documents/subscriptions";
import type { Metadata, RunEngineState, Settings, SettledMetadata, UserCommand } from "./engineSettings";
import type { PlanSource } from "./loop/planSource";
import type { RowData } from "./result/dataTable";
import type { RunHandle } from "./result/runHandle";
import type { RunResult } from "./result/runResult";
import type { RunTable } from "./result/runTable";
import type { Suspender, Suspension } from "./suspend/suspension";

/**
 * Overloads, so that a callback for the documents of one name, or with one parameter only, gets its exact
 * types.
 */
export interface Subscribe {
  <N extends DocumentName>(
    fn: (name: N, doc: DocumentTypes[N]) => unknown,
    name: N,
    options?: SubscribeOptions,
  ): number;
  (fn: DocumentReceiver, name?: DocumentName | "all" | SubscribeOptions, options?: SubscribeOptions): number;
  (
    fn: (name: DocumentName) => unknown,
    name?: DocumentName | "all" | SubscribeOptions,
    options?: SubscribeOptions,
  ): number;
}

/** Any of the settings. They can also be changed later, on the engine. */
export interface RunEngineOptions extends Partial<Settings> {
  /** Installed from the beginning; default none. */
  readonly suspenders?: readonly Suspender[];
}

/** The names of the options, so that misspelt ones are refused. */
export const ENGINE_OPTIONS: OptionNames<RunEngineOptions> = {
  md: true,
  preprocessors: true,
  msgHook: true,
  stateHook: true,
  waitingHook: true,
  recordInterruptions: true,
  pauseOnError: true,
  mdValidator: true,
  mdNormalizer: true,
  provenance: true,
  scanIdSource: true,
  onDisconnect: true,
  ask: true,
  notify: true,
  suspenders: true,
};

/** The members of a RunEngine. */
export interface RunEngineMembers extends Settings, Displayable {
  /** "idle" between plans; see `RunEngineState`. */
  readonly state: RunEngineState;
  /** Emits the state at once, and at every change. */
  readonly state$: Observable<RunEngineState>;
  /**
   * The data of the plan that runs, else of the last one, also of a plan that failed; see `RunResult.table`.
   * Throws before the first plan.
   */
  table<R extends object = RowData>(stream?: string, uid?: string): RunTable<R>;
  /** Emits the documents of all runs from now on. */
  readonly documents$: Observable<Document>;
  /** Emits the statuses that the plan waits for, and null when it waits for none; for progress bars. */
  readonly waiting$: Observable<readonly StatusLike[] | null>;
  /** The handle of the plan that runs, else of the last one; null before the first. */
  readonly current: RunHandle | null;
  /** The suspenders installed now; the `suspension` of each says whether and why it holds plans. */
  readonly suspenders: readonly Suspender[];
  /** The suspensions that hold the plan now: why, since when, and what releases it. */
  readonly suspensions: readonly Suspension[];
  /** Names of all commands that a plan may use. */
  readonly commands: readonly string[];
  /** Pauses now, or with `defer` at the next checkpoint. */
  pause(defer?: boolean): void;
  /** Goes on after a pause; throws if the plan is not paused. Returns the handle that `RE(...)` returned. */
  resume(): RunHandle;
  /**
   * Ends the plan, lets it clean up and marks its runs "abort". Resolves when idle; throws if nothing runs.
   */
  abort(reason?: string): Promise<RunResult>;
  /**
   * Ends the plan early, lets it clean up and marks its runs "success". Resolves when idle; throws if nothing
   * runs.
   */
  stop(): Promise<RunResult>;
  /**
   * Ends the plan without letting it clean up; moving devices are stopped all the same. Its runs are marked
   * "abort", or "success" by `RE.halt("success")`. Resolves when idle; throws if nothing runs.
   */
  halt(exitStatus?: "abort" | "success"): Promise<RunResult>;
  /**
   * Does what the interrupt button does: requests a pause at the next checkpoint; called again, pauses at
   * once.
   */
  interrupt(): void;
  /**
   * Calls `fn(name, doc)` for the documents of one name, by default for all; `fn` may also be an object of a
   * class with methods `start(doc)`, `event(doc)`, `stop(doc)` ... With `{ strict: true }`, an error of `fn`
   * ends the run: `RE.subscribe(writer, { strict: true })`.
   * @returns a token for `unsubscribe`
   */
  readonly subscribe: Subscribe;
  /** Ends a subscription. A token that is unknown or was used before is ignored. */
  unsubscribe(token: number): void;
  /** Adds or replaces a command. Its messages are done again after a pause, as those of most commands. */
  registerCommand(name: string, fn: UserCommand): void;
  /** Removes a command, also a built-in one; throws if there is none of that name. */
  unregisterCommand(name: string): void;
  /**
   * Installs a suspender: it holds plans while its condition is bad, also the one that runs. Throws if it is
   * installed already.
   */
  installSuspender(suspender: Suspender): void;
  /** Removes a suspender; a plan that it holds goes on. One that is not installed is ignored. */
  removeSuspender(suspender: Suspender): void;
  /** Removes all suspenders. */
  clearSuspenders(): void;
}

/**
 * The function that `createRunEngine` and `makeRunEngine` return: called with a plan it runs it; it also has
 * all members.
 */
export interface RunEngine extends RunEngineMembers {
  /**
   * Starts a plan with subscriptions for this call only: `RE(plan, (name, doc) => ...)`, a list of them,
   * functions by the name of the document, or an object of a class with methods `start(doc)`, `event(doc)`,
   * `stop(doc)`.
   */
  <T, M extends Readonly<Metadata> = Metadata>(
    plan: PlanSource<T>,
    subscriptions: Subscriptions,
    md?: M & SettledMetadata<M>,
  ): RunHandle<T>;
  <T, M extends Readonly<Metadata> = Metadata>(
    plan: PlanSource<T>,
    subscriptions: (name: DocumentName) => unknown,
    md?: M & SettledMetadata<M>,
  ): RunHandle<T>;
  /**
   * Starts a plan and returns its handle at once. This form comes last, since TypeScript explains an error by
   * the last one. Throws if another plan runs or is paused.
   * @param md metadata for all runs of this call; they override the metadata of the plan and of the engine
   */
  <T, M extends Readonly<Metadata> = Metadata>(plan: PlanSource<T>, md?: M & SettledMetadata<M>): RunHandle<T>;
}
