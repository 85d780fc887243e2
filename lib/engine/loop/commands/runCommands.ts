/** Commands that make documents: runs, bundles, streams, monitors. */

import type { Msg } from "../../../core/protocols/msg";
import { isSubscribable, type Subscribable, type SyncOrAsync } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { journalNumber, journalReached } from "../../../journal";
import { awaited, type CommandSteps, isThenable, PendingResult } from "../../commandSteps";
import type { ExitStatus } from "../../documents/documents";
import { startMetadata } from "../../documents/metadata";
import type { Metadata } from "../../engineSettings";
import { IllegalMessageSequence, unfitDevice } from "../../planErrors";
import type { CommandContext, EngineCommand } from "../commandContext";

export const runCommands: readonly (readonly [string, EngineCommand])[] = [
  ["open_run", { run: (context, msg) => new PendingResult(openRun(context, msg)), replayed: false }],
  ["close_run", { run: closeRun, replayed: false }],
  ["create", { run: create, replayed: true }],
  ["save", { run: (context, msg) => context.runs.of(msg).save(), replayed: true }],
  ["drop", { run: (context, msg) => context.runs.of(msg).drop(), replayed: true }],
  ["declare_stream", { run: declareStream, replayed: true }],
  ["monitor", { run: (context, msg) => new PendingResult(monitor(context, msg)), replayed: false }],
  ["unmonitor", { run: unmonitor, replayed: false }],
];

function* openRun(context: CommandContext, msg: Msg): CommandSteps<string> {
  if (context.runs.has(msg.run))
    throw new IllegalMessageSequence(
      '"open_run", but a run is open: "close_run" it first, or give the message another run key',
    );
  const { settings } = context;
  settings.md.scan_id = journalNumber("scan_id", yield* awaited(settings.scanIdSource(settings.md)));
  const origin = yield* awaited(originOf(context, msg));
  const reached = journalReached("open_run");
  if (reached !== undefined) yield reached;
  const metadata = startMetadata(settings, msg.kwargs, context, origin);
  const uid = context.runs.open(msg.run, metadata, settings.recordInterruptions);
  context.rewindCache.checkpoint();
  return uid;
}

/**
 * Where the run comes from. A failure is only reported, so that no run is lost because its origin is unknown.
 */
function originOf(context: CommandContext, msg: Msg): SyncOrAsync<Metadata> {
  const { settings, md } = context;
  const failed = (error: unknown): Metadata => {
    context.report("the provenance of the run is not recorded", error);
    return {};
  };
  try {
    const origin = settings.provenance?.({ ...settings.md, ...msg.kwargs, ...md }) ?? {};
    return isThenable(origin) ? Promise.resolve(origin).catch(failed) : origin;
  } catch (error) {
    return failed(error);
  }
}

function closeRun(context: CommandContext, msg: Msg): string {
  const run = context.runs.of(msg);
  context.runs.remove(msg.run);
  context.rewindCache.checkpoint();
  const { exit_status: given, reason } = msg.kwargs;
  const exitStatus = (given as ExitStatus | null | undefined) ?? "success";
  return run.close(exitStatus, String(reason ?? (exitStatus === "abort" ? context.flow.abortReason : "")));
}

function create(context: CommandContext, msg: Msg): void {
  const name = msg.kwargs.name ?? msg.args[0];
  if (typeof name !== "string") throw new UsageError('"create" needs the name of a stream');
  context.runs.of(msg).create(name);
}

function declareStream(context: CommandContext, msg: Msg): PendingResult {
  const run = context.runs.of(msg);
  const { name, collect } = msg.kwargs;
  if (typeof name !== "string") throw new UsageError('"declare_stream" needs the name of a stream');
  const devices = msg.args as readonly object[];
  for (const device of collect ? [] : devices) {
    const { describe } = (device ?? {}) as { readonly describe?: unknown };
    if (typeof describe !== "function") throw unfitDevice(msg.command, device, "be described: it has no describe()");
  }
  return new PendingResult(collect ? run.flyers.declare(name, devices) : run.declareStream(name, devices));
}

function* monitor(context: CommandContext, msg: Msg): CommandSteps<void> {
  const signal = monitoredSignal(msg);
  const { name } = msg.kwargs;
  yield* context.runs.of(msg).monitors.add(signal, typeof name === "string" ? name : undefined);
  context.rewindCache.checkpoint();
}

function unmonitor(context: CommandContext, msg: Msg): void {
  context.runs.of(msg).monitors.remove(monitoredSignal(msg));
  context.rewindCache.checkpoint();
}

function monitoredSignal(msg: Msg): Subscribable {
  if (!isSubscribable(msg.obj)) throw unfitDevice(msg.command, msg.obj, "be monitored: it has no subscribe()");
  return msg.obj;
}
