/** Preprocessors that put something into every run of a plan, or around it. */
import { Msg, type Plan } from "../../core/protocols/msg";
import {
  type Flyable,
  isStageable,
  type Movable,
  type Readable,
  type Stageable,
  type Subscribable,
} from "../../core/protocols/protocols";
import type { DocumentCallback, DocumentName, DocumentTypes } from "../../engine/documents/documents";
import type { Suspender } from "../../engine/suspend/suspension";
import { rootAncestor } from "../ancestry";
import { plan } from "../plan";
import { mv, rd, unstageAll } from "../stubs/deviceStubs";
import { gate } from "../stubs/gate";
import { triggerAndRead } from "../stubs/pointStubs";
import { declareStream } from "../stubs/runStubs";
import { uniqueGroup } from "../uniqueGroup";
import { finalizeWrapper } from "./contingencyWrapper";
import { setRunKeyWrapper } from "./messageWrappers";
import { planMutator, single } from "./mutators";

type Some<F> = F | readonly F[];

/** Consumers of documents: one for all, several, or by the name of the documents. */
export type Subscriptions =
  | DocumentCallback
  | readonly DocumentCallback[]
  | ({ readonly [N in DocumentName]?: Some<(name: N, doc: DocumentTypes[N]) => unknown> } & {
      readonly all?: Some<DocumentCallback>;
    });

/** The second form is for callbacks that look at the name only. */
interface SubsWrapper {
  <T>(inner: Plan<T>, subscriptions: Subscriptions): Plan<T>;
  <T>(inner: Plan<T>, subscriptions: (name: DocumentName) => unknown): Plan<T>;
}

/** Hands the documents to consumers while the plan runs. */
export const subsWrapper = plan("subsWrapper", function* <T>(inner: Plan<T>, subscriptions: Subscriptions): Plan<T> {
  const tokens: unknown[] = [];
  try {
    for (const [name, fn] of eachSubscription(subscriptions)) tokens.push(yield Msg("subscribe", null, [fn, name]));
    return yield* inner;
  } finally {
    for (const token of tokens) yield Msg("unsubscribe", null, [], { token });
  }
}) as SubsWrapper;

function eachSubscription(subscriptions: Subscriptions): (readonly [string, DocumentCallback])[] {
  if (typeof subscriptions === "function") return [["all", subscriptions]];
  if (Array.isArray(subscriptions)) return subscriptions.map((fn: DocumentCallback) => ["all", fn] as const);
  return Object.entries(subscriptions as Readonly<Record<string, Some<DocumentCallback>>>).flatMap(([name, fns]) =>
    (typeof fns === "function" ? [fns] : fns).map((fn) => [name, fn] as const),
  );
}

/** Suspenders that are installed while the plan runs. */
export const suspendWrapper = plan("suspendWrapper", function* <
  T,
>(inner: Plan<T>, suspenders: Suspender | readonly Suspender[]): Plan<T> {
  const list = Array.isArray(suspenders) ? (suspenders as readonly Suspender[]) : [suspenders as Suspender];
  try {
    for (const suspender of list) yield Msg("install_suspender", null, [suspender]);
    return yield* inner;
  } finally {
    for (const suspender of list) yield Msg("remove_suspender", null, [suspender]);
  }
});

/** Records every update of signals in each run, in streams `<name>_monitor`. */
export const monitorDuringWrapper = plan("monitorDuringWrapper", function* <
  T,
>(inner: Plan<T>, signals: readonly Subscribable[]): Plan<T> {
  return yield* aroundRuns(
    inner,
    () => messages(signals.map((signal) => Msg("monitor", signal, [], { name: `${signal.name}_monitor` }))),
    () => messages(signals.map((signal) => Msg("unmonitor", signal))),
  );
});

/** Lets flyers fly during each run. */
export const flyDuringWrapper = plan("flyDuringWrapper", function* <
  T,
>(inner: Plan<T>, flyers: readonly Flyable[]): Plan<T> {
  const started = uniqueGroup("flyers-kickoff");
  const completed = uniqueGroup("flyers-complete");
  const fly = (command: string, group: string) => [
    ...flyers.map((flyer) => Msg(command, flyer, [], { group })),
    ...(flyers.length > 0 ? [Msg("wait", null, [], { group })] : []),
  ];
  return yield* aroundRuns(
    inner,
    () => messages(fly("kickoff", started)),
    () => messages([...fly("complete", completed), ...flyers.map((flyer) => Msg("collect", flyer))]),
  );
});

/** Reads devices into a stream of their own after the start and before the end of each run. */
export const baselineWrapper = plan("baselineWrapper", function* <
  T,
>(inner: Plan<T>, devices: readonly Readable[], name = "baseline"): Plan<T> {
  if (devices.length === 0) return yield* inner;
  const inRun = (baseline: Plan, { run }: Msg) => (run === null ? baseline : setRunKeyWrapper(baseline, run));
  return yield* planMutator(inner, (msg) => {
    if (msg.command === "open_run") return [null, inRun(declareAndRead(devices, name), msg)];
    if (msg.command === "close_run") return [then(inRun(triggerAndRead(devices, name), msg), msg), null];
    return [null, null];
  });
});

function* declareAndRead(devices: readonly Readable[], name: string): Plan<void> {
  yield* declareStream(...devices, { name });
  yield* triggerAndRead(devices, name);
}

/** Does something after each `open_run` and something before each `close_run`. */
function aroundRuns<T>(inner: Plan<T>, afterOpen: () => Plan, beforeClose: () => Plan): Plan<T> {
  return planMutator(inner, (msg) => {
    if (msg.command === "open_run") return [single(msg), afterOpen()];
    if (msg.command === "close_run") return [then(beforeClose(), msg), null];
    return [null, null];
  });
}

/** One by one: an array has no `throw`, so what is thrown into `yield* list` would be lost. */
function* messages(list: readonly Msg[]): Plan<void> {
  for (const msg of list) yield msg;
}

function* then(first: Plan, msg: Msg): Plan {
  yield* first;
  return yield msg;
}

/** Stages each device when it is first used, and unstages all at the end. */
export const lazilyStageWrapper = plan("lazilyStageWrapper", function* <T>(inner: Plan<T>): Plan<T> {
  const staged: object[] = [];
  const commands = new Set(["read", "set", "trigger", "kickoff"]);
  function* stageFirst(msg: Msg): Plan {
    const root = rootAncestor(msg.obj as object);
    const result = yield Msg("stage", root);
    const named: readonly object[] = Array.isArray(result) ? result : [root];
    // A device that names only its parts unstages them itself.
    staged.push(...(isStageable(root) && !named.includes(root) ? [root] : named));
    return yield msg;
  }
  const lazily = planMutator(inner, (msg) =>
    commands.has(msg.command) && !staged.includes(msg.obj as object) ? [stageFirst(msg), null] : [null, null],
  );
  return yield* finalizeWrapper(lazily, () => unstageAll(...(staged.toReversed() as Partial<Stageable>[])));
});

/** What `configureCountTimeWrapper` looks for on a device. */
export interface HasCountTime {
  readonly countTime: Movable<number> & Readable<number>;
}

const countTimeOf = (obj: unknown): HasCountTime["countTime"] | undefined =>
  (obj as Partial<HasCountTime> | null)?.countTime;

/** Sets `countTime` (s) of every device that has one before it is first used, and sets it back at the end. Null: does nothing. */
export const configureCountTimeWrapper = plan("configureCountTimeWrapper", function* <
  T,
>(inner: Plan<T>, time: number | null): Plan<T> {
  if (time === null) return yield* inner;
  const seen = new Set<unknown>();
  const original = new Map<HasCountTime["countTime"], number>();
  function* setFirst(signal: HasCountTime["countTime"], seconds: number, msg: Msg): Plan {
    original.set(signal, yield* rd(signal));
    yield* mv(signal, seconds);
    return yield msg;
  }
  function* reset(): Plan<void> {
    for (const [signal, seconds] of original) yield* mv(signal, seconds);
  }
  const configured = planMutator(inner, (msg) => {
    const signal = countTimeOf(msg.obj);
    if (!signal || seen.has(msg.obj)) return [null, null];
    seen.add(msg.obj);
    return [setFirst(signal, time, msg), null];
  });
  return yield* finalizeWrapper(configured, reset);
});

/** Waits at each checkpoint until `isOpen` holds for the value of a signal, so that no point is measured while it doesn't. */
export const gateWrapper = plan("gateWrapper", function* <
  T,
  V,
>(inner: Plan<T>, signal: Subscribable<V>, isOpen: (value: V) => boolean): Plan<T> {
  return yield* planMutator(inner, (msg) =>
    msg.command === "checkpoint" ? [null, gate(signal, isOpen)] : [null, null],
  );
});
