/**
 * The RunEngine: runs plans, one at a time, and emits the documents of their runs.
 *
 * `const run = await RE(scan([det], motor, 0, 1, 11))`. A pause is a state, not an error: the handle that `RE(...)` returned stays
 * awaitable across `RE.pause()` and `RE.resume()`.
 */
import { types } from "node:util";
import { BehaviorSubject, type Observable } from "rxjs";
import type { StatusLike } from "../core/protocols/protocols";
import { $display, type Displayable, type MimeBundle } from "../display/bundle";
import { UsageError } from "../errors";
import { IsolatedObservable } from "../isolatedObservable";
import { askOnTerminal } from "./askOnTerminal";
import { resultOf } from "./commandSteps";
import { Dispatcher } from "./documents/dispatcher";
import type { Document, DocumentCallback, DocumentName, DocumentTypes } from "./documents/documents";
import { checkMetadata, validateSample } from "./documents/metadata";
import { versions } from "./documents/versions";
import type { Metadata, Preprocessor, RunEngineState, Settings, UserCommand } from "./engineSettings";
import type { EngineCommand } from "./loop/commandContext";
import { builtInCommands } from "./loop/commands/builtInCommands";
import { type PlanSource, takePlan } from "./loop/planSource";
import { PlanCall } from "./planCall";
import { sendNotice, showNotice } from "./result/notices";
import { engineBundle } from "./result/runDisplay";
import type { RunControl, RunHandle } from "./result/runHandle";
import type { RunResult } from "./result/runResult";
import { isSuspender, type Suspender, type Suspension } from "./suspend/suspension";

/** As overloads, so that callbacks of one parameter and of one name's documents are accepted with their types. */
export interface Subscribe {
  <N extends DocumentName>(fn: (name: N, doc: DocumentTypes[N]) => unknown, name: N): number;
  (fn: DocumentCallback, name?: DocumentName | "all"): number;
  (fn: (name: DocumentName) => unknown, name?: DocumentName | "all"): number;
}

/** Any of the settings, which can be changed later, too. */
export interface RunEngineOptions extends Partial<Settings> {
  /** Installed from the beginning; default none. */
  readonly suspenders?: readonly Suspender[];
}

/** Everything on a RunEngine besides calling it. */
export interface RunEngineMembers extends Settings, Displayable {
  /** "idle" between plans; see `RunEngineState`. */
  readonly state: RunEngineState;
  /** The state now and from now on. */
  readonly state$: Observable<RunEngineState>;
  /** The documents of all runs from now on. */
  readonly documents$: Observable<Document>;
  /** The statuses a plan waits for, null when it waits for none; for progress. */
  readonly waiting$: Observable<readonly StatusLike[] | null>;
  /** The plan that runs, else the last one. */
  readonly current: RunHandle | null;
  /** Those installed now; `suspension` of each says whether and why it holds plans. */
  readonly suspenders: readonly Suspender[];
  /** What holds the plan now: why, since when, and what releases it; none unless it is suspended. */
  readonly suspensions: readonly Suspension[];
  /** Names of all commands a plan may use. */
  readonly commands: readonly string[];
  /** Pauses now, or with `defer` at the next checkpoint. */
  pause(defer?: boolean): void;
  /** Goes on after a pause; the handle it returns is the one that `RE(...)` gave. */
  resume(): RunHandle;
  /** Ends the plan, lets it clean up and marks its runs "abort". Resolves when idle; throws if nothing runs. */
  abort(reason?: string): Promise<RunResult>;
  /** Ends the plan early, lets it clean up and marks its runs "success". Resolves when idle; throws if nothing runs. */
  stop(): Promise<RunResult>;
  /** Ends the plan without letting it clean up; moving devices are stopped all the same. Resolves when idle; throws if nothing runs. */
  halt(): Promise<RunResult>;
  /** What the interrupt button does: the first time a pause at the next checkpoint, again a pause now. */
  interrupt(): void;
  /** Calls `fn(name, doc)` for the documents of one name, by default of all. @returns a token for `unsubscribe` */
  readonly subscribe: Subscribe;
  /** Tokens that are unknown or used up are ignored. */
  unsubscribe(token: number): void;
  /** Teaches the engine a command, or replaces one. Its messages are done again after a pause, like most. */
  registerCommand(name: string, fn: UserCommand): void;
  /** Takes a command away, built-in ones too; throws where there is none of that name. */
  unregisterCommand(name: string): void;
  /** From now on it holds plans while its condition is bad, also the one that runs. Throws if it is installed already. */
  installSuspender(suspender: Suspender): void;
  /** Lets go of a plan that it holds. One that is not installed is ignored. */
  removeSuspender(suspender: Suspender): void;
  /** Removes all. */
  clearSuspenders(): void;
}

/** What `createRunEngine` and `makeRunEngine` return: call it with a plan, everything else is on it. */
export interface RunEngine extends RunEngineMembers {
  /**
   * Starts a plan and returns at once. Throws when another one runs or is paused.
   * @param md metadata for all runs of this call; it overrides the plan's and the engine's
   */
  <T>(plan: PlanSource<T>, md?: Metadata): RunHandle<T>;
}

/** A RunEngine without views: documents, data and notices only. `createRunEngine` adds live views and run files. */
export function makeRunEngine(options: RunEngineOptions = {}): RunEngine {
  const core = new RunEngineCore(options);
  const engine = (plan: PlanSource<unknown>, md?: Metadata) => core.call(plan, md);
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
  mdValidator: Settings["mdValidator"];
  mdNormalizer: Settings["mdNormalizer"];
  scanIdSource: Settings["scanIdSource"];
  ask: Settings["ask"];
  notify: Settings["notify"];
  readonly #dispatcher = new Dispatcher((text) => this.#problem(text));
  readonly #commands = new Map<string, EngineCommand>(builtInCommands);
  readonly #suspenders = new Set<Suspender>();
  readonly #state = new BehaviorSubject<RunEngineState>("idle");
  readonly #waiting = new BehaviorSubject<readonly StatusLike[] | null>(null);
  readonly state$ = new IsolatedObservable(this.#state, (text) => this.#problem(`state$: ${text}`));
  readonly waiting$ = new IsolatedObservable(this.#waiting, (text) => this.#problem(`waiting$: ${text}`));
  #call: PlanCall | null = null;

  constructor(options: RunEngineOptions) {
    this.md = options.md ?? {};
    this.md.versions = { ...(this.md.versions as object | undefined), ...versions() };
    this.preprocessors = options.preprocessors ?? [];
    this.msgHook = options.msgHook ?? null;
    this.stateHook = options.stateHook ?? null;
    this.waitingHook = options.waitingHook ?? null;
    this.recordInterruptions = options.recordInterruptions ?? false;
    this.mdValidator = options.mdValidator ?? validateSample;
    this.mdNormalizer = options.mdNormalizer ?? ((md) => md);
    this.scanIdSource = options.scanIdSource ?? nextScanId;
    this.ask = options.ask ?? askOnTerminal;
    this.notify = options.notify ?? showNotice;
    for (const suspender of options.suspenders ?? []) this.installSuspender(suspender);
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

  get suspenders(): readonly Suspender[] {
    return [...this.#suspenders];
  }

  get suspensions(): readonly Suspension[] {
    return this.#call?.suspensions ?? [];
  }

  get commands(): readonly string[] {
    return [...this.#commands.keys()];
  }

  call(source: PlanSource<unknown>, md: Metadata = {}): RunHandle {
    if (this.state !== "idle")
      throw new UsageError(
        this.state === "paused"
          ? "the RunEngine is paused in another plan: RE.resume(), RE.stop() or RE.abort() comes first"
          : `the RunEngine is ${this.state} and does one plan at a time: await the other one first, or RE.abort() it`,
      );
    checkMetadata(md);
    const { plan, name } = takePlan(source);
    const prepared = this.preprocessors.reduce(
      (inner, preprocessor) =>
        typeof preprocessor === "function" ? preprocessor(inner) : preprocessor.preprocess(inner),
      plan,
    );
    const call = new PlanCall({
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

  halt(): Promise<RunResult> {
    return this.#running("halted").halt();
  }

  interrupt(): void {
    if (this.state !== "idle") this.#call?.interrupt();
  }

  get subscribe(): Subscribe {
    return (fn: unknown, name: DocumentName | "all" = "all") =>
      this.#dispatcher.subscribe(fn as DocumentCallback, name);
  }

  unsubscribe(token: number): void {
    this.#dispatcher.unsubscribe(token);
  }

  registerCommand(name: string, fn: UserCommand): void {
    this.#commands.set(name, { run: (_, msg) => userResult(fn(msg)), replayed: true });
  }

  unregisterCommand(name: string): void {
    if (!this.#commands.delete(name)) throw new UsageError(`there is no command "${name}" to take away`);
  }

  installSuspender(suspender: Suspender): void {
    if (!isSuspender(suspender)) throw new UsageError("a suspender is needed, e.g. new SuspendFloor(signal, 2)");
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
    return engineBundle(this.state, this.#call?.record ?? null, this.suspensions);
  }

  #running(what: string): RunControl & Pick<PlanCall, "handle"> {
    if (!this.#call || this.state === "idle")
      throw new UsageError(`nothing runs that could be ${what}: start a plan with RE(plan)`);
    return this.#call;
  }

  #problem(text: string): void {
    sendNotice(this, { kind: "problem", title: "Problem", text });
  }
}

function nextScanId(md: Metadata): number {
  return (typeof md.scan_id === "number" ? md.scan_id : 0) + 1;
}

/** Only promises are waited for: a Status is awaitable too, but is a result. */
function userResult(result: unknown): unknown {
  return types.isPromise(result) ? resultOf(result, (value) => value) : result;
}
