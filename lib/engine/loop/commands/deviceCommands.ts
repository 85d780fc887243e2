/** Commands about devices: moving, triggering, reading, staging. */
import type { Msg } from "../../../core/protocols/msg";
import {
  isLocatable,
  isMovable,
  isPreparable,
  isReadable,
  isStageable,
  isStatus,
  isStoppable,
  isTriggerable,
  type Readable,
  type Readings,
  type SetOptions,
  type StatusLike,
} from "../../../core/protocols/protocols";
import { errorText, UsageError } from "../../../errors";
import { isThenable, type Steps, settled, Waiting, whenSettled } from "../../commandSteps";
import { deviceName, IllegalMessageSequence } from "../../planErrors";
import type { Command, Execution } from "../messageLoop";

export const deviceCommands: readonly (readonly [string, Command])[] = [
  ["set", { run: set, replayed: true }],
  ["trigger", { run: trigger, replayed: true }],
  ["prepare", { run: prepare, replayed: true }],
  ["read", { run: read, replayed: true }],
  ["locate", { run: locate, replayed: true }],
  ["stop", { run: stop, replayed: true }],
  ["configure", { run: (execution, msg) => new Waiting(configure(execution, msg)), replayed: true }],
  ["stage", { run: stage, replayed: false }],
  ["unstage", { run: unstage, replayed: false }],
];

/** What a message says to the device besides its arguments; undefined if nothing. */
function optionsOf({ kwargs }: Msg): Record<string, unknown> | undefined {
  for (const key in kwargs) {
    if (key !== "group") {
      const { group, ...options } = kwargs;
      return options;
    }
  }
  return undefined;
}

/** For actions that take time: when to give up, too. */
function actionOptions(execution: Execution, msg: Msg): SetOptions {
  const options = optionsOf(msg);
  return options ? { ...execution.setOptions, ...options } : execution.setOptions;
}

/** The arguments of a message for a device's method; options come last. */
export function argumentsOf(msg: Msg): readonly unknown[] {
  const options = optionsOf(msg);
  return options ? [...msg.args, options] : msg.args;
}

function set(execution: Execution, msg: Msg): StatusLike {
  const { obj, args } = msg;
  if (!isMovable(obj)) throw cannot(msg, "moved", "set()");
  const status = obj.set(args[0], actionOptions(execution, msg));
  return started(execution, msg, status, (pending) => execution.hardware.moved(msg, pending));
}

function trigger(execution: Execution, msg: Msg): StatusLike {
  if (!isTriggerable(msg.obj)) throw cannot(msg, "triggered", "trigger()");
  const device = msg.obj as { trigger(options: SetOptions): StatusLike };
  return started(execution, msg, device.trigger(actionOptions(execution, msg)));
}

function prepare(execution: Execution, msg: Msg): StatusLike {
  if (!isPreparable(msg.obj)) throw cannot(msg, "prepared", "prepare()");
  return started(execution, msg, msg.obj.prepare(...(argumentsOf(msg) as [unknown])));
}

/** Keeps a status under the group of its message. */
export function started(
  execution: Execution,
  msg: Msg,
  status: unknown,
  onPending?: (status: StatusLike) => void,
): StatusLike {
  if (!isStatus(status))
    throw new UsageError(`${msg.command}() of ${deviceName(msg.obj)} returned ${String(status)}, not a Status`);
  if (!status.done) onPending?.(status);
  if (!status.done || !status.success) execution.groups.add(status, msg);
  return status;
}

function read(execution: Execution, msg: Msg): Readings | Waiting {
  const { obj, run } = msg;
  if (!isReadable(obj)) throw cannot(msg, "read", "read() and describe()");
  if (msg.kwargs.on_error === "nan") return new Waiting(readTolerantly(execution, msg));
  const bundler = execution.bundlers.get(run);
  const readings = obj.read();
  if (isThenable(readings)) return new Waiting(readSlowly(execution, msg, readings));
  return bundler?.bundling ? bundler.read(obj, checked(msg, readings as Readings)) : checked(msg, readings as Readings);
}

function* readSlowly(execution: Execution, msg: Msg, pending: PromiseLike<unknown>): Steps<Readings> {
  return yield* bundled(execution, msg, checked(msg, (yield pending) as Readings));
}

/** A device that can't be read gives NaN for each of its data keys, so that the event has the others' readings. */
function* readTolerantly(execution: Execution, msg: Msg): Steps<Readings> {
  const device = msg.obj as Readable;
  let readings: Readings;
  try {
    readings = checked(msg, yield* settled(device.read()));
  } catch (error) {
    execution.report(`could not read ${deviceName(device)}, it counts as NaN`, error);
    const reading = { value: Number.NaN, timestamp: Date.now() / 1000, alarm_severity: 2, message: errorText(error) };
    readings = Object.fromEntries(Object.keys(yield* settled(device.describe())).map((key) => [key, reading]));
  }
  return yield* bundled(execution, msg, readings);
}

function* bundled(execution: Execution, msg: Msg, readings: Readings): Steps<Readings> {
  const bundler = execution.bundlers.get(msg.run);
  if (!bundler?.bundling) return readings;
  const result = bundler.read(msg.obj as object, readings);
  return result instanceof Waiting ? ((yield* result.steps) as Readings) : result;
}

function checked(msg: Msg, readings: Readings): Readings {
  if (typeof readings !== "object" || readings === null)
    throw new UsageError(`read() of ${deviceName(msg.obj)} gave ${String(readings)}, not readings by name`);
  return readings;
}

function locate(_: Execution, msg: Msg): unknown {
  const objs = [msg.obj, ...msg.args];
  for (const obj of objs) if (!isLocatable(obj)) throw cannot({ ...msg, obj }, "located", "locate()");
  const locations = objs.map((obj) => (isLocatable(obj) ? obj.locate() : undefined));
  if (locations.length === 1 && msg.kwargs.squeeze !== false)
    return whenSettled<unknown, unknown>(locations[0], (l) => l);
  return whenSettled<unknown, unknown>(Promise.all(locations), (all) => all);
}

function stop(_: Execution, msg: Msg): unknown {
  if (!isStoppable(msg.obj)) throw cannot(msg, "stopped", "stop()");
  return whenSettled<unknown, unknown>(msg.obj.stop(), () => undefined);
}

function* configure(execution: Execution, msg: Msg): Steps<unknown> {
  const device = msg.obj as { configure?: (...args: unknown[]) => unknown } | null;
  if (typeof device?.configure !== "function") throw cannot(msg, "configured", "configure()");
  const run = execution.bundlers.get(msg.run);
  if (run?.bundling)
    throw new IllegalMessageSequence(`"configure" ${deviceName(device)} inside a bundle: put it before "create"`);
  const change = yield* settled(device.configure(...argumentsOf(msg)));
  if (run) yield* run.configured(device);
  return change;
}

function stage(execution: Execution, msg: Msg): unknown {
  if (!isStageable(msg.obj)) return [];
  const result = msg.obj.stage();
  execution.hardware.staged.add(msg.obj);
  execution.checkpoint();
  return isStatus(result) ? started(execution, msg, result) : result;
}

function unstage(execution: Execution, msg: Msg): unknown {
  if (!isStageable(msg.obj)) return [];
  const result = msg.obj.unstage();
  execution.hardware.staged.delete(msg.obj);
  execution.checkpoint();
  return isStatus(result) ? started(execution, msg, result) : result;
}

function cannot(msg: Msg, participle: string, need: string): UsageError {
  if (msg.obj === null || msg.obj === undefined)
    return new UsageError(`"${msg.command}" got no device: is the name of the device right?`);
  return new UsageError(`${deviceName(msg.obj)} can't be ${participle}: it has no ${need}`);
}
