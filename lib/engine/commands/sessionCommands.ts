/** Commands about the engine itself: who listens, what suspends, what a person is asked. */
import { createInterface } from "node:readline";
import type { Msg } from "../../core/msg";
import { UsageError } from "../../errors";
import type { DocumentCallback, DocumentName } from "../documents";
import type { Command, Execution } from "../execution";
import { type Steps, Waiting } from "../waiting";

export const sessionCommands: readonly (readonly [string, Command])[] = [
  ["subscribe", { run: subscribe, replayed: false }],
  ["unsubscribe", { run: unsubscribe, replayed: false }],
  ["input", { run: (_, msg) => new Waiting(input(String(msg.kwargs.prompt ?? ""))), replayed: true }],
];

function subscribe(execution: Execution, msg: Msg): number {
  const [fn, name = "all"] = msg.args;
  if (typeof fn !== "function") throw new UsageError('"subscribe" needs a function');
  const token = execution.dispatcher.subscribe(fn as DocumentCallback, name as DocumentName | "all");
  execution.subscriptions.add(token);
  execution.checkpoint();
  return token;
}

function unsubscribe(execution: Execution, msg: Msg): void {
  const token = (msg.kwargs.token ?? msg.args[0]) as number;
  execution.dispatcher.unsubscribe(token);
  execution.subscriptions.delete(token);
  execution.checkpoint();
}

/** A line from the terminal. */
function* input(prompt: string): Steps<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (yield new Promise<string>((resolve) => terminal.question(prompt, resolve))) as string;
  } finally {
    terminal.close();
  }
}
