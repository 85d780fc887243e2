/** Commands about the engine itself: subscriptions, suspenders, questions to the user. */

import { timeNow } from "../../../clock";
import type { Msg } from "../../../core/protocols/msg";
import { isLocatable, isSubscribable, type Readings } from "../../../core/protocols/protocols";
import { callPosition } from "../../../core/signal/shiftedBackend";
import { SignalRW } from "../../../core/signal/signal";
import { UsageError } from "../../../errors";
import { awaited, type CommandSteps, isThenable, PendingResult, resolvesWithin } from "../../commandSteps";
import type { DocumentName } from "../../documents/documents";
import type { DocumentReceiver } from "../../documents/subscriptions";
import { deviceName, WaitForTimeoutError } from "../../planErrors";
import { isSuspender, type Suspender } from "../../suspend/suspension";
import { watchedValue } from "../../suspend/watchedValue";
import type { CommandContext, EngineCommand } from "../commandContext";

export const sessionCommands: readonly (readonly [string, EngineCommand])[] = [
  ["subscribe", { run: subscribe, replayed: false }],
  ["unsubscribe", { run: unsubscribe, replayed: false }],
  ["install_suspender", { run: installSuspender, replayed: false }],
  ["remove_suspender", { run: removeSuspender, replayed: false }],
  [
    "set_current_position",
    { run: (context, msg) => new PendingResult(setCurrentPosition(context, msg)), replayed: false },
  ],
  ["gate", { run: (_, msg) => new PendingResult(gate(msg)), replayed: true }],
  ["input", { run: (context, msg) => new PendingResult(input(context, msg)), replayed: false }],
];

function subscribe(context: CommandContext, msg: Msg): number {
  const [fn, name = "all"] = msg.args;
  const token = context.attachments.subscribe(fn as DocumentReceiver, name as DocumentName | "all");
  context.rewindCache.checkpoint();
  return token;
}

function unsubscribe(context: CommandContext, msg: Msg): void {
  const token = (msg.kwargs.token ?? msg.args[0]) as number;
  context.attachments.unsubscribe(token);
  context.rewindCache.checkpoint();
}

function installSuspender(context: CommandContext, msg: Msg): void {
  context.attachments.installSuspender(suspenderOf(msg));
}

function removeSuspender(context: CommandContext, msg: Msg): void {
  context.attachments.removeSuspender(suspenderOf(msg));
}

function suspenderOf(msg: Msg): Suspender {
  const [suspender] = msg.args;
  if (!isSuspender(suspender)) throw new UsageError(`"${msg.command}" needs a suspender`);
  return suspender;
}

/** Gives the present position of a device another number, and keeps both in the metadata of later runs. */
function* setCurrentPosition({ settings, rewindCache }: CommandContext, msg: Msg): CommandSteps<void> {
  const device = msg.obj as { setCurrentPosition?: (value: unknown) => unknown } | null;
  const [is] = msg.args;
  if (typeof device?.setCurrentPosition !== "function" && !(device instanceof SignalRW))
    throw new UsageError(`${deviceName(device)}'s present position can't be set: it has no setCurrentPosition()`);
  if (typeof is !== "number" || !Number.isFinite(is))
    throw new UsageError(`the present position of ${deviceName(device)} is a number, not ${String(is)}`);
  const before = isLocatable(device) ? (yield* awaited(device.locate())).readback : null;
  yield* awaited(device.setCurrentPosition ? device.setCurrentPosition(is) : callPosition(is, device as SignalRW));
  const known = settings.md.current_positions as Readonly<Record<string, unknown>> | undefined;
  const entry = { before, since: is, time: timeNow() };
  settings.md.current_positions = { ...known, [deviceName(device)]: entry };
  rewindCache.checkpoint();
}

/** Waits until the value of a signal satisfies a predicate. */
function* gate(msg: Msg): CommandSteps<void> {
  const { obj } = msg;
  const [isOpen] = msg.args as [(value: unknown) => boolean];
  if (!isSubscribable(obj)) throw new UsageError(`${deviceName(obj)} can't be a gate: it has no subscribe()`);
  const { timeout } = msg.kwargs;
  let listener: ((readings: Readings) => void) | undefined;
  try {
    const opened = new Promise<void>((resolve, reject) => {
      listener = (readings) => {
        try {
          const { value, invalid } = watchedValue(obj, readings);
          if (invalid === undefined && isOpen(value)) resolve();
        } catch (error) {
          reject(error);
        }
      };
      obj.subscribe(listener);
    });
    if (typeof timeout !== "number") yield opened;
    else if (!(yield* resolvesWithin(opened, timeout)))
      throw new WaitForTimeoutError(`the gate ${deviceName(obj)} did not open within ${timeout} s`);
  } finally {
    if (listener) obj.clearSub(listener);
  }
}

/**
 * The questions that the user has not answered, by their messages. One whose wait was interrupted, by a
 * suspender for instance, stays open and is not asked again.
 */
const unanswered = new WeakMap<Msg, PromiseLike<string>>();

/** Asks the user, and waits for the answer. */
function* input({ settings, flow }: CommandContext, msg: Msg): CommandSteps<string> {
  // A pause that waits for a checkpoint comes first, since the interrupted cell cannot ask any more: the
  // pause ends this wait, and the message is done again when the plan goes on.
  flow.pauseIfDeferred();
  yield Promise.resolve();
  const question = unanswered.get(msg) ?? settings.ask(String(msg.kwargs.prompt ?? ""));
  if (!isThenable(question)) return question;
  unanswered.set(msg, question);
  const forget = (): void => void unanswered.delete(msg);
  question.then(forget, forget);
  return (yield question) as string;
}
