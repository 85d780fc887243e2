/**
 * The RunEngine runs plans, one at a time, and emits the documents of their runs.
 *
 * `const run = await RE(scan([det], motor, 0, 1, 11))`. A pause is a state and not an error: the handle that
 * `RE(...)` returns can still be awaited after `RE.pause()` and `RE.resume()`.
 */

import { types } from "node:util";
import { BehaviorSubject, type Observable } from "rxjs";
import { checkDisconnectPolicy, type DisconnectPolicy } from "../core/protocols/lostConnection";
import type { StatusLike } from "../core/protocols/protocols";
import { $display, type Displayable, type MimeBundle } from "../display/bundle";
import { currentHost } from "../display/host";
import { UsageError } from "../errors";
import { IsolatedObservable } from "../isolatedObservable";
import { askOnTerminal } from "./askOnTerminal";
import { resultOf } from "./commandSteps";
import { Dispatcher, type SubscribeOptions } from "./documents/dispatcher";
import type { Document, DocumentCallback, DocumentName, DocumentTypes } from "./documents/documents";
import { checkMetadata, validateSample } from "./documents/metadata";
import {
  type DocumentReceiver,
  eachSubscription,
  isSubscriptions,
  type Subscriptions,
} from "./documents/subscriptions";
import { versions } from "./documents/versions";
import type { Metadata, Preprocessor, RunEngineState, Settings, SettledMetadata, UserCommand } from "./engineSettings";
import type { EngineCommand } from "./loop/commandContext";
import { builtInCommands } from "./loop/commands/builtInCommands";
import { type PlanSource, takePlan } from "./loop/planSource";
import { PlanCall } from "./planCall";
import type { RowData } from "./result/dataTable";
import { sendNotice, showNotice } from "./result/notices";
import { engineBundle } from "./result/runDisplay";
import type { RunControl, RunHandle } from "./result/runHandle";
import type { RunResult } from "./result/runResult";
import type { RunTable } from "./result/runTable";
import { isSuspender, type Suspender, type Suspension } from "./suspend/suspension";

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
   * Calls `fn(name, doc)` for the documents of one name, by default for all; `fn` may also be an object of a class
   * with methods `start(doc)`, `event(doc)`, `stop(doc)` ... With `{ strict: true }`, an error of `fn` ends the run:
   * `RE.subscribe(writer, { strict: true })`.
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
   * Starts a plan and returns its handle at once. Throws if another plan runs or is paused.
   * @param md metadata for all runs of this call; they override the metadata of the plan and of the engine
   */
  <T, M extends Readonly<Metadata> = Metadata>(plan: PlanSource<T>, md?: M & SettledMetadata<M>): RunHandle<T>;
  /**
   * The same with subscriptions for this call only: `RE(plan, (name, doc) => ...)`, a list of them, functions by the
   * name of the document, or an object of a class with methods `start(doc)`, `event(doc)`, `stop(doc)`.
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
}

/**
 * Makes a RunEngine without views and files: it has documents, data and notices only. `createRunEngine` adds
 * live views and run files.
 */
export function makeRunEngine(options: RunEngineOptions = {}): RunEngine {
  const core: RunEngineCore = new RunEngineCore(options, () => engine);
  const engine = (plan: PlanSource<unknown>, second?: Subscriptions | Metadata, third?: Metadata) =>
    isSubscriptions(second) ? core.call(plan, third, second) : core.call(plan, second);
  for (const source of [RunEngineCore.prototype, core]) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
      if (name !== "constructor") Object.defineProperty(engine, name, forwarded(core, name, property));
    }
  }
  Object.defineProperty(engine, $display, { value: () => core[$display]() });
  Object.defineProperty(engine, "name", { value: "RE" });
  return engine as unknown as RunEngine;
}

function forwarded(core: RunEngineCore, name: string, property: PropertyDescriptor): PropertyDescriptor {
  const members = core as unknown as Record<string, unknown>;
  if (typeof property.value === "function" && Object.hasOwn(RunEngineCore.prototype, name))
    return { value: property.value.bind(core), enumerable: false };
  return {
    get: () => members[name],
    set: (value) => {
      members[name] = value;
    },
    enumerable: true,
  };
}

class RunEngineCore implements RunEngineMembers {
  md: Metadata;
  preprocessors: Preprocessor[];
  msgHook: Settings["msgHook"];
  stateHook: Settings["stateHook"];
  waitingHook: Settings["waitingHook"];
  recordInterruptions: boolean;
  pauseOnError: boolean;
  mdValidator: Settings["mdValidator"];
  mdNormalizer: Settings["mdNormalizer"];
  provenance: Settings["provenance"];
  scanIdSource: Settings["scanIdSource"];
  #onDisconnect: DisconnectPolicy = "wait";
  ask: Settings["ask"];
  notify: Settings["notify"];
  readonly #dispatcher = new Dispatcher(
    (text) => this.#problem(text),
    (error) => this.#call?.consumerFailed(error),
  );
  readonly #commands = new Map<string, EngineCommand>(builtInCommands);
  readonly #suspenders = new Set<Suspender>();
  readonly #state = new BehaviorSubject<RunEngineState>("idle");
  readonly #waiting = new BehaviorSubject<readonly StatusLike[] | null>(null);
  readonly state$ = new IsolatedObservable(this.#state, (text) => this.#problem(`state$: ${text}`));
  readonly waiting$ = new IsolatedObservable(this.#waiting, (text) => this.#problem(`waiting$: ${text}`));
  readonly #engine: () => object;
  #call: PlanCall | undefined;

  /** @param engine returns the function that the user calls */
  constructor(options: RunEngineOptions, engine: () => object) {
    this.#engine = engine;
    this.md = options.md ?? {};
    this.md.versions = { ...(this.md.versions as object | undefined), ...versions() };
    this.preprocessors = options.preprocessors ?? [];
    this.msgHook = options.msgHook ?? null;
    this.stateHook = options.stateHook ?? null;
    this.waitingHook = options.waitingHook ?? null;
    this.recordInterruptions = options.recordInterruptions ?? false;
    this.pauseOnError = options.pauseOnError ?? false;
    this.mdValidator = options.mdValidator ?? validateSample;
    this.mdNormalizer = options.mdNormalizer ?? ((md) => md);
    this.provenance = options.provenance ?? null;
    this.scanIdSource = options.scanIdSource ?? nextScanId;
    if (options.onDisconnect !== undefined) this.onDisconnect = options.onDisconnect;
    this.ask = options.ask ?? askOnTerminal;
    this.notify = options.notify ?? showNotice;
    for (const suspender of options.suspenders ?? []) this.installSuspender(suspender);
  }

  get onDisconnect(): DisconnectPolicy {
    return this.#onDisconnect;
  }

  set onDisconnect(policy: DisconnectPolicy) {
    checkDisconnectPolicy(policy);
    this.#onDisconnect = policy;
  }

  get state(): RunEngineState {
    return this.#state.value;
  }

  get documents$(): Observable<Document> {
    return this.#dispatcher.documents$;
  }

  get current(): RunHandle | null {
    return this.#call?.handle ?? null;
  }

  table<R extends object = RowData>(stream?: string, uid?: string): RunTable<R> {
    if (!this.#call) throw new UsageError("no plan has run yet, so there are no data");
    return this.#call.record.table<R>(stream, uid);
  }

  get suspenders(): readonly Suspender[] {
    return [...this.#suspenders];
  }

  get suspensions(): readonly Suspension[] {
    return this.#call?.suspensions ?? [];
  }

  get commands(): readonly string[] {
    return [...this.#commands.keys()];
  }

  call(source: PlanSource<unknown>, md: Metadata = {}, subscriptions: Subscriptions = []): RunHandle {
    const RE = this.#name();
    if (this.state !== "idle")
      throw new UsageError(
        this.state === "paused"
          ? `the RunEngine is paused in another plan: call ${RE}.resume(), ${RE}.stop() or ${RE}.abort() first`
          : `the RunEngine is ${this.state} and does one plan at a time: await the other plan first, or ${RE}.abort() it`,
      );
    checkMetadata(md);
    const { plan, name } = takePlan(source);
    const prepared = this.preprocessors.reduce(
      (inner, preprocessor) =>
        typeof preprocessor === "function" ? preprocessor(inner) : preprocessor.preprocess(inner),
      plan,
    );
    const tokens = eachSubscription(subscriptions).map(([of, fn]) => this.#dispatcher.subscribe(fn, of));
    const call = new PlanCall({
      onEnd: () => {
        for (const token of tokens) this.#dispatcher.unsubscribe(token);
      },
      plan: prepared,
      planName: name,
      md,
      settings: this,
      onState: (state, previous) => {
        this.#state.next(state);
        this.stateHook?.(state, previous);
      },
      onWaiting: (statuses) => {
        this.#waiting.next(statuses);
        this.waitingHook?.(statuses);
      },
      dispatcher: this.#dispatcher,
      commands: this.#commands,
      suspenders: this.#suspenders,
      engineName: () => this.#name(),
      installSuspender: (suspender) => this.installSuspender(suspender),
      removeSuspender: (suspender) => this.removeSuspender(suspender),
    });
    this.#call = call;
    call.start();
    return call.handle;
  }

  pause(defer = false): void {
    this.#running("paused").pause(defer);
  }

  resume(): RunHandle {
    const call = this.#running("resumed");
    call.resume();
    return call.handle;
  }

  abort(reason = ""): Promise<RunResult> {
    return this.#running("aborted").abort(reason);
  }

  stop(): Promise<RunResult> {
    return this.#running("stopped").stop();
  }

  halt(exitStatus: "abort" | "success" = "abort"): Promise<RunResult> {
    return this.#running("halted").halt(exitStatus);
  }

  interrupt(): void {
    if (this.state !== "idle") this.#call?.interrupt();
  }

  get subscribe(): Subscribe {
    return (fn: unknown, name: DocumentName | "all" | SubscribeOptions = "all", options?: SubscribeOptions) =>
      typeof name === "object"
        ? this.#dispatcher.subscribe(fn as DocumentCallback, "all", name)
        : this.#dispatcher.subscribe(fn as DocumentCallback, name, options);
  }

  unsubscribe(token: number): void {
    this.#dispatcher.unsubscribe(token);
  }

  registerCommand(name: string, fn: UserCommand): void {
    this.#commands.set(name, { run: (_, msg) => userResult(fn(msg)), replayed: true });
  }

  unregisterCommand(name: string): void {
    if (!this.#commands.delete(name)) throw new UsageError(`there is no command "${name}" to remove`);
  }

  installSuspender(suspender: Suspender): void {
    if (!isSuspender(suspender))
      throw new UsageError("installSuspender takes a suspender, e.g. new SuspendFloor(signal, 2)");
    this.#suspenders.add(suspender);
    suspender.install((suspension) => this.#call?.suspend(suspension));
  }

  removeSuspender(suspender: Suspender): void {
    if (this.#suspenders.delete(suspender)) suspender.remove();
  }

  clearSuspenders(): void {
    for (const suspender of this.#suspenders) this.removeSuspender(suspender);
  }

  [$display](): MimeBundle {
    return engineBundle(this.state, this.#call?.record, this.suspensions, this.#name());
  }

  #running(what: string): RunControl & Pick<PlanCall, "handle"> {
    if (!this.#call || this.state === "idle")
      throw new UsageError(`no plan runs that could be ${what}: start one with RE(plan)`);
    return this.#call;
  }

  /** The name that the user has for this engine, for lines to type. */
  #name(): string {
    return currentHost().nameOf?.(this.#engine()) ?? "RE";
  }

  #problem(text: string): void {
    sendNotice(this, { kind: "problem", title: "Problem", text });
  }
}

function nextScanId(md: Metadata): number {
  return (typeof md.scan_id === "number" ? md.scan_id : 0) + 1;
}

/** Awaits promises only: a Status could be awaited, too, but it is the result itself. */
function userResult(result: unknown): unknown {
  return types.isPromise(result) ? resultOf(result, (value) => value) : result;
}
