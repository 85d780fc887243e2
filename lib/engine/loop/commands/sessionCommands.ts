/** Commands about the engine itself: who listens, what suspends, what a person is asked. */
import type { Msg } from "../../../core/protocols/msg";
import { isSubscribable, type Readings } from "../../../core/protocols/protocols";
import { UsageError } from "../../../errors";
import { type Steps, Waiting, whenSettled, within } from "../../commandSteps";
import type { DocumentCallback, DocumentName } from "../../documents/documents";
import { deviceName, WaitForTimeoutError } from "../../planErrors";
import { signalValue } from "../../suspend/signalSuspenders";
import { isSuspender, type Suspender } from "../../suspend/suspension";
import type { Command, Execution } from "../messageLoop";

export const sessionCommands: readonly (readonly [string, Command])[] = [
  ["subscribe", { run: subscribe, replayed: false }],
  ["unsubscribe", { run: unsubscribe, replayed: false }],
  ["install_suspender", { run: installSuspender, replayed: false }],
  ["remove_suspender", { run: removeSuspender, replayed: false }],
  ["gate", { run: (_, msg) => new Waiting(gate(msg)), replayed: true }],
  [
    "input",
    {
      run: (execution, msg) =>
        whenSettled(execution.parts.settings.ask(String(msg.kwargs.prompt ?? "")), (text) => text),
      replayed: false,
    },
  ],
];

function subscribe(execution: Execution, msg: Msg): number {
  const [fn, name = "all"] = msg.args;
  if (typeof fn !== "function") throw new UsageError('"subscribe" needs a function');
  const token = execution.parts.dispatcher.subscribe(fn as DocumentCallback, name as DocumentName | "all");
  execution.subscriptions.add(token);
  execution.checkpoint();
  return token;
}

function unsubscribe(execution: Execution, msg: Msg): void {
  const token = (msg.kwargs.token ?? msg.args[0]) as number;
  execution.parts.dispatcher.unsubscribe(token);
  execution.subscriptions.delete(token);
  execution.checkpoint();
}

function installSuspender(execution: Execution, msg: Msg): void {
  const suspender = suspenderOf(msg);
  execution.parts.installSuspender(suspender);
  execution.suspenders.add(suspender);
}

function removeSuspender(execution: Execution, msg: Msg): void {
  const suspender = suspenderOf(msg);
  execution.parts.removeSuspender(suspender);
  execution.suspenders.delete(suspender);
}

function suspenderOf(msg: Msg): Suspender {
  const [suspender] = msg.args;
  if (!isSuspender(suspender)) throw new UsageError(`"${msg.command}" needs a suspender`);
  return suspender;
}

/** Waits until the value of a signal satisfies a predicate. */
function* gate(msg: Msg): Steps<void> {
  const { obj } = msg;
  const [isOpen] = msg.args as [(value: unknown) => boolean];
  if (!isSubscribable(obj)) throw new UsageError(`${deviceName(obj)} can't be a gate: it has no subscribe()`);
  const { timeout } = msg.kwargs;
  let listener: ((readings: Readings) => void) | undefined;
  try {
    const opened = new Promise<void>((resolve, reject) => {
      listener = (readings) => {
        try {
          if (isOpen(signalValue(obj, readings))) resolve();
        } catch (error) {
          reject(error);
        }
      };
      obj.subscribe(listener);
    });
    if (typeof timeout !== "number") yield opened;
    else if (!(yield* within(opened, timeout)))
      throw new WaitForTimeoutError(`the gate ${deviceName(obj)} did not open within ${timeout} s`);
  } finally {
    if (listener) obj.clearSub(listener);
  }
}
