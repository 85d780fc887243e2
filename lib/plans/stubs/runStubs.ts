/**
 * Stubs that produce documents or pass them on: runs, bundles, streams,
 * monitors, subscriptions; and suspenders.
 */

import { Msg, type Plan } from "../../core/protocols/msg";
import type { HasName, Subscribable } from "../../core/protocols/protocols";
import type { DocumentName, DocumentTypes, ExitStatus } from "../../engine/documents/documents";
import { checkMetadata } from "../../engine/documents/metadata";
import type { DocumentMethods, DocumentReceiver } from "../../engine/documents/subscriptions";
import type { Suspender } from "../../engine/suspend/suspension";
import { UsageError } from "../../errors";
import { separateDevices } from "../ancestry";
import { plan } from "../plan";

/** Metadata for the start document. Metadata that is given with the call, `RE(plan, md)`, overrides it. */
export type PlanMetadata = Readonly<Record<string, unknown>>;

/** Opens a run. @returns the uid of its start document */
export const openRun = plan("openRun", function* (md: PlanMetadata = {}): Plan<string> {
  checkMetadata(md ?? {});
  return (yield Msg("open_run", null, [], md)) as string;
});

/**
 * Closes the open run.
 * @param exitStatus default "success"
 * @returns the uid of its start document
 */
export const closeRun = plan(
  "closeRun",
  function* (exitStatus: ExitStatus | null = null, reason: string | null = null): Plan<string> {
    return (yield Msg("close_run", null, [], { exit_status: exitStatus, reason })) as string;
  },
);

/** Opens a bundle: everything read until `save` becomes one event of the stream. */
export const create = plan("create", function* (name = "primary"): Plan<void> {
  yield Msg("create", null, [], { name });
});

/** Emits an event of everything that was read since `create`; it has no data if nothing was read. */
export const save = plan("save", function* (): Plan<void> {
  yield Msg("save");
});

/** Closes the bundle without emitting an event. */
export const drop = plan("drop", function* (): Plan<void> {
  yield Msg("drop");
});

/** Options of `declareStream`, the last argument. */
export interface DeclareStreamOptions {
  /** The name of the stream. */
  readonly name: string;
  /** Whether the stream is filled by `collect`; default false. */
  readonly collect?: boolean;
}

/**
 * Emits the descriptor of a stream before its data: `declareStream(detector, motor, { name: "primary" })`.
 */
export const declareStream = plan(
  "declareStream",
  function* (...args: [...devices: HasName[], options: DeclareStreamOptions & { describe?: never }]): Plan<void> {
    const options = (args.at(-1) ?? {}) as DeclareStreamOptions;
    const { name, collect = false } = options;
    if (typeof name !== "string" || args.length < 2 || "describe" in options) {
      throw new UsageError('declareStream takes devices and a name: declareStream(detector, { name: "primary" })');
    }
    const devices = args.slice(0, -1) as HasName[];
    yield Msg("declare_stream", null, separateDevices(devices), { name, collect });
  },
);

/** Records every update of a signal in a stream of its own, until `unmonitor` or the end of the run. */
export const monitor = plan(
  "monitor",
  function* (signal: Subscribable, options: { readonly name?: string } = {}): Plan<void> {
    yield Msg("monitor", signal, [], { name: options.name ?? null });
  },
);

/** Ends a `monitor`; fails if the signal is not monitored in this run. */
export const unmonitor = plan("unmonitor", function* (signal: Subscribable): Plan<void> {
  yield Msg("unmonitor", signal);
});

/** Overloads of `subscribe`, so that a callback for one name gets the type of that document. */
export interface SubscribeStub {
  <N extends DocumentName>(name: N, fn: (name: N, doc: DocumentTypes[N]) => unknown): Plan<number>;
  (name: DocumentName | "all", fn: DocumentReceiver): Plan<number>;
  (name: DocumentName | "all", fn: (name: DocumentName) => unknown): Plan<number>;
}

/** Passes documents to `fn` until `unsubscribe` or the end of the call. @returns a token for `unsubscribe` */
export const subscribe: SubscribeStub = plan(
  "subscribe",
  function* (name: DocumentName | "all", fn: ((...document: never) => unknown) | DocumentMethods): Plan<number> {
    return (yield Msg("subscribe", null, [fn, name])) as number;
  },
);

/** Ends a subscription by its token. */
export const unsubscribe = plan("unsubscribe", function* (token: number): Plan<void> {
  yield Msg("unsubscribe", null, [], { token });
});

/**
 * Installs a suspender, which stays installed after the plan. `suspendWrapper` installs one for a plan only.
 */
export const installSuspender = plan("installSuspender", function* (suspender: Suspender): Plan<void> {
  yield Msg("install_suspender", null, [suspender]);
});

/** Removes a suspender. A plan that it holds goes on. */
export const removeSuspender = plan("removeSuspender", function* (suspender: Suspender): Plan<void> {
  yield Msg("remove_suspender", null, [suspender]);
});
