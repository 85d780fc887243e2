/** Commands about devices: moving, triggering, reading, staging. */

import { timeNow } from "../../../clock";
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
import { statusOf } from "../../../core/status/statusOf";
import { errorText, UsageError } from "../../../errors";
import { awaited, type CommandSteps, isThenable, PendingResult, resultOf } from "../../commandSteps";
import { deviceName, IllegalMessageSequence, unfitDevice } from "../../planErrors";
import type { CommandContext, EngineCommand } from "../commandContext";

export const deviceCommands: readonly (readonly [string, EngineCommand])[] = [
  ["set", { run: set, replayed: true }],
  ["trigger", { run: trigger, replayed: true }],
  ["prepare", { run: prepare, replayed: true }],
  ["read", { run: read, replayed: true }],
  ["locate", { run: locate, replayed: true }],
  ["stop", { run: stop, replayed: true }],
  ["configure", { run: (context, msg) => new PendingResult(configure(context, msg)), replayed: true }],
  ["stage", { run: stage, replayed: false }],
  ["unstage", { run: unstage, replayed: false }],
];

/**
 * The options of a message for the method of the device: its kwargs without `group`; undefined if there are
 * none.
 */
function optionsOf({ kwargs }: Msg): Record<string, unknown> | undefined {
  for (const key in kwargs) {
    if (key !== "group") {
      const { group, ...options } = kwargs;
      return options;
    }
  }
  return undefined;
}

/** The options of an action that takes time: also the signal that ends it. */
function actionOptions(context: CommandContext, msg: Msg): SetOptions {
  const options = optionsOf(msg);
  return options ? { ...context.setOptions, ...options } : context.setOptions;
}

const inMotion = (context: CommandContext, msg: Msg) => (status: StatusLike) =>
  context.hardware.setInMotion(msg, status);

/** The arguments of a message for the method of the device; its options come last. */
export function argumentsOf(msg: Msg): readonly unknown[] {
  const options = optionsOf(msg);
  return options ? [...msg.args, options] : msg.args;
}

function set(context: CommandContext, msg: Msg): StatusLike {
  const { obj, args } = msg;
  // A map has `set` as well. It is the step of a scan, where a `perStep` was written for one motor.
  if (obj instanceof Map)
    throw new UsageError(
      "a map can't be moved: a perStep gets the motors of a scan with their positions at once, so it writes  yield* movePerStep(step, positions)  and reads  [...detectors, ...step.keys()]",
    );
  if (!isMovable(obj)) throw cannot(msg, "moved", "set()");
  const status = obj.set(args[0], actionOptions(context, msg));
  return started(context, msg, status, inMotion(context, msg));
}

function trigger(context: CommandContext, msg: Msg): StatusLike {
  if (!isTriggerable(msg.obj)) throw cannot(msg, "triggered", "trigger()");
  const device = msg.obj as { trigger(options: SetOptions): unknown };
  // A device that moves may still be on a way that this plan has not sent it: its measurement is not stopped.
  const onPending = isMovable(msg.obj) ? undefined : inMotion(context, msg);
  return started(context, msg, device.trigger(actionOptions(context, msg)), onPending);
}

function prepare(context: CommandContext, msg: Msg): StatusLike {
  if (!isPreparable(msg.obj)) throw cannot(msg, "prepared", "prepare()");
  const device = msg.obj as { prepare(...args: readonly unknown[]): unknown };
  return started(context, msg, device.prepare(...argumentsOf(msg)), inMotion(context, msg));
}

/**
 * Adds the action that a message started to the group of the message. A promise of an `async` method becomes
 * a status here. `onPending` is called if it is not done yet.
 */
export function started(
  context: CommandContext,
  msg: Msg,
  returned: unknown,
  onPending?: (status: StatusLike) => void,
): StatusLike {
  const status = isStatus(returned) ? returned : statusOf(returned, deviceName(msg.obj), actionOptions(context, msg));
  if (!status)
    throw new UsageError(
      `${msg.command}() of ${deviceName(msg.obj)} returned ${String(returned)}, not a Status: return one, or make it async`,
    );
  if (!status.done) onPending?.(status);
  if (!status.done || !status.success) context.groups.add(status, msg);
  return status;
}

function read(context: CommandContext, msg: Msg): Readings | PendingResult {
  const { obj, run } = msg;
  if (!isReadable(obj)) throw cannot(msg, "read", "read() and describe()");
  if (msg.kwargs.on_error === "nan") return new PendingResult(readTolerantly(context, msg));
  const bundler = context.runs.get(run);
  const readings = obj.read();
  if (isThenable(readings)) return new PendingResult(readSlowly(context, msg, readings));
  return bundler?.bundling ? bundler.read(obj, checked(msg, readings as Readings)) : checked(msg, readings as Readings);
}

function* readSlowly(context: CommandContext, msg: Msg, pending: PromiseLike<unknown>): CommandSteps<Readings> {
  return yield* bundled(context, msg, checked(msg, (yield pending) as Readings));
}

/**
 * Reads NaN for each data key of a device that can't be read, so that the event keeps the readings of the
 * others.
 */
function* readTolerantly(context: CommandContext, msg: Msg): CommandSteps<Readings> {
  const device = msg.obj as Readable;
  let readings: Readings;
  try {
    readings = checked(msg, yield* awaited(device.read()));
  } catch (error) {
    context.report(`could not read ${deviceName(device)}, it counts as NaN`, error);
    const reading = { value: Number.NaN, timestamp: timeNow(), alarm_severity: 2, message: errorText(error) };
    readings = Object.fromEntries(Object.keys(yield* awaited(device.describe())).map((key) => [key, reading]));
  }
  return yield* bundled(context, msg, readings);
}

function* bundled(context: CommandContext, msg: Msg, readings: Readings): CommandSteps<Readings> {
  const bundler = context.runs.get(msg.run);
  if (!bundler?.bundling) return readings;
  const result = bundler.read(msg.obj as object, readings);
  return result instanceof PendingResult ? ((yield* result.steps) as Readings) : result;
}

function checked(msg: Msg, readings: Readings): Readings {
  if (typeof readings !== "object" || readings === null)
    throw new UsageError(`read() of ${deviceName(msg.obj)} returned ${String(readings)}, not readings by name`);
  return readings;
}

function locate(_: CommandContext, msg: Msg): unknown {
  const objs = [msg.obj, ...msg.args];
  for (const obj of objs) if (!isLocatable(obj)) throw cannot({ ...msg, obj }, "located", "locate()");
  const locations = objs.map((obj) => (isLocatable(obj) ? obj.locate() : undefined));
  if (locations.length === 1 && msg.kwargs.squeeze !== false) return resultOf<unknown, unknown>(locations[0], (l) => l);
  return resultOf<unknown, unknown>(Promise.all(locations), (all) => all);
}

function stop(_: CommandContext, msg: Msg): unknown {
  if (!isStoppable(msg.obj)) throw cannot(msg, "stopped", "stop()");
  return resultOf<unknown, unknown>(msg.obj.stop(), () => undefined);
}

function* configure(context: CommandContext, msg: Msg): CommandSteps<unknown> {
  const device = msg.obj as { configure?: (...args: unknown[]) => unknown } | null;
  if (typeof device?.configure !== "function") throw cannot(msg, "configured", "configure()");
  const run = context.runs.get(msg.run);
  if (run?.bundling)
    throw new IllegalMessageSequence(`"configure" ${deviceName(device)} inside a bundle: put it before "create"`);
  const change = yield* awaited(device.configure(...argumentsOf(msg)));
  if (run) yield* run.configured(device);
  return change;
}

function stage(context: CommandContext, msg: Msg): unknown {
  if (Array.isArray(msg.obj)) throw cannot(msg, "staged", "stage()");
  if (!isStageable(msg.obj)) return [];
  const result = msg.obj.stage();
  context.hardware.staged.add(msg.obj);
  context.rewindCache.checkpoint();
  return isStatus(result) || isThenable(result) ? started(context, msg, result) : result;
}

function unstage(context: CommandContext, msg: Msg): unknown {
  if (Array.isArray(msg.obj)) throw cannot(msg, "unstaged", "unstage()");
  if (!isStageable(msg.obj)) return [];
  const result = msg.obj.unstage();
  context.hardware.staged.delete(msg.obj);
  context.rewindCache.checkpoint();
  return isStatus(result) || isThenable(result) ? started(context, msg, result) : result;
}

const cannot = (msg: Msg, participle: string, need: string): UsageError =>
  unfitDevice(msg.command, msg.obj, `be ${participle}: it has no ${need}`);
