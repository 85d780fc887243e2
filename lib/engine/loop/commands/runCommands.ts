/** Commands that make documents: runs, bundles, streams, monitors. */
import type { Msg } from "../../../core/protocols/msg";
import { isSubscribable } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { type Steps, settled, Waiting } from "../../commandSteps";
import type { ExitStatus } from "../../documents/documents";
import { startMetadata } from "../../documents/metadata";
import { RunBundler } from "../../documents/runBundler";
import { deviceName, IllegalMessageSequence } from "../../planErrors";
import type { Command, Execution } from "../messageLoop";

export const runCommands: readonly (readonly [string, Command])[] = [
  ["open_run", { run: (execution, msg) => new Waiting(openRun(execution, msg)), replayed: false }],
  ["close_run", { run: closeRun, replayed: false }],
  ["create", { run: create, replayed: true }],
  ["save", { run: (execution, msg) => openRunOf(execution, msg).save(), replayed: true }],
  ["drop", { run: (execution, msg) => openRunOf(execution, msg).drop(), replayed: true }],
  ["declare_stream", { run: declareStream, replayed: true }],
  ["monitor", { run: (execution, msg) => new Waiting(monitor(execution, msg)), replayed: false }],
  ["unmonitor", { run: unmonitor, replayed: false }],
];

/** The run a message is about. */
export function openRunOf(execution: Execution, msg: Msg): RunBundler {
  const run = execution.bundlers.get(msg.run);
  if (run) return run;
  const which = msg.run === null ? "" : ` with key ${String(msg.run)}`;
  throw new IllegalMessageSequence(`"${msg.command}" without an open run${which}: "open_run" comes first`);
}

function* openRun(execution: Execution, msg: Msg): Steps<string> {
  if (execution.bundlers.has(msg.run))
    throw new IllegalMessageSequence(
      '"open_run", but a run is open: "close_run" it first, or give the message another run key',
    );
  const { settings } = execution.parts;
  settings.md.scan_id = yield* settled(settings.scanIdSource(settings.md));
  const metadata = startMetadata(
    settings,
    { plan_type: "generator", plan_name: execution.parts.planName },
    msg.kwargs,
    execution.parts.md,
  );
  const run = new RunBundler(metadata, execution.emit, settings.recordInterruptions);
  execution.bundlers.set(msg.run, run);
  execution.runStartUids.push(run.uid);
  execution.checkpoint();
  return run.uid;
}

function closeRun(execution: Execution, msg: Msg): string {
  const run = openRunOf(execution, msg);
  execution.bundlers.delete(msg.run);
  execution.checkpoint();
  const { exit_status: given, reason } = msg.kwargs;
  const exitStatus = (given as ExitStatus | null | undefined) ?? "success";
  return run.close(exitStatus, String(reason ?? (exitStatus === "abort" ? execution.reason : "")));
}

function create(execution: Execution, msg: Msg): void {
  const name = msg.kwargs.name ?? msg.args[0];
  if (typeof name !== "string") throw new UsageError('"create" needs the name of a stream');
  openRunOf(execution, msg).create(name);
}

function declareStream(execution: Execution, msg: Msg): Waiting {
  const run = openRunOf(execution, msg);
  const { name, collect } = msg.kwargs;
  if (typeof name !== "string") throw new UsageError('"declare_stream" needs the name of a stream');
  const devices = msg.args as readonly object[];
  return new Waiting(collect ? run.flyers.declare(name, devices) : run.declareStream(name, devices));
}

function* monitor(execution: Execution, msg: Msg): Steps<void> {
  const { obj } = msg;
  if (!isSubscribable(obj)) throw new UsageError(`${deviceName(obj)} can't be monitored: it has no subscribe()`);
  const { name } = msg.kwargs;
  yield* openRunOf(execution, msg).monitors.add(obj, typeof name === "string" ? name : undefined);
  execution.checkpoint();
}

function unmonitor(execution: Execution, msg: Msg): void {
  const { obj } = msg;
  if (!isSubscribable(obj)) throw new UsageError(`${deviceName(obj)} can't be monitored: it has no subscribe()`);
  openRunOf(execution, msg).monitors.remove(obj);
  execution.checkpoint();
}
