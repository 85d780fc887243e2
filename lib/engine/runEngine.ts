/** The RunEngine runs plans, one at a time, and emits the documents of their runs. */

// `const run = await RE(scan([det], motor, 0, 1, 11))`. A pause is a state and not an error: the handle that
// `RE(...)` returns can still be awaited after `RE.pause()` and `RE.resume()`.

import { inspect, types } from "node:util";
import { BehaviorSubject, type Observable } from "rxjs";
import { checkDisconnectPolicy, type DisconnectPolicy } from "../core/protocols/lostConnection";
import type { StatusLike } from "../core/protocols/protocols";
import { currentHost } from "../display/host";
import { $display, type MimeBundle } from "../display/mimeBundle";
import { UsageError } from "../errors";
import { IsolatedObservable } from "../isolatedObservable";
import { checkOptions } from "../options";
import { askUser } from "./askUser";
import { resultOf } from "./commandSteps";
import { Dispatcher, type SubscribeOptions } from "./documents/dispatcher";
import type { Document, DocumentCallback, DocumentName } from "./documents/documents";
import { checkMetadata, validateSample } from "./documents/metadata";
import { eachSubscription, isSubscriptions, type Subscriptions } from "./documents/subscriptions";
import { versions } from "./documents/versions";
import type { Metadata, Preprocessor, RunEngineState, Settings, UserCommand } from "./engineSettings";
import type { EngineCommand } from "./loop/commandContext";
import { builtInCommands } from "./loop/commands/index";
import { type PlanSource, takePlan } from "./loop/planSource";
import { PlanCall } from "./planCall";
import type { RowData } from "./result/dataTable";
import { sendNotice, showNotice } from "./result/notices";
import { engineBundle } from "./result/runDisplay";
import type { RunControl, RunHandle } from "./result/runHandle";
import type { RunResult } from "./result/runResult";
import type { RunTable } from "./result/runTable";
import {
  ENGINE_OPTIONS,
  type RunEngine,
  type RunEngineMembers,
  type RunEngineOptions,
  type Subscribe,
} from "./runEngineMembers";
import { isSuspender, type Suspender, type Suspension } from "./suspend/suspension";

/**
 * Makes a RunEngine without views and files: it has documents, data and notices only. `createRunEngine` adds
 * live views and run files.
 */
export function makeRunEngine(options: RunEngineOptions = {}): RunEngine {
  checkOptions("makeRunEngine", options, ENGINE_OPTIONS);
  const core: RunEngineCore = new RunEngineCore(options, () => engine);
  const engine = (plan: PlanSource<unknown>, second?: Subscriptions | Metadata, third?: Metadata) => {
    if (isSubscriptions(second)) return core.call(plan, third, second);
    if (third === undefined) return core.call(plan, second);
    if (second === undefined || (Array.isArray(second) && second.length === 0)) return core.call(plan, third);
    throw new UsageError(
      `RE(plan, subscriptions, md): functions for documents come before the metadata, not ${inspect(second, { depth: 0 })}`,
    );
  };
  for (const source of [RunEngineCore.prototype, core]) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(source))) {
      if (name !== "constructor") Object.defineProperty(engine, name, forwarded(core, name, property));
    }
  }
  Object.defineProperty(engine, $display, { value: () => core[$display]() });
  Object.defineProperty(engine, "name", { value: "RE" });
  // The members were defined above one by one, where TypeScript does not see them.
  return engine as unknown as RunEngine;
}

function forwarded(core: RunEngineCore, name: string, property: PropertyDescriptor): PropertyDescriptor {
  // Members are forwarded by their names.
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
    this.ask = options.ask ?? askUser;
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
