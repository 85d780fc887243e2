/** The error for a plan that yielded something other than a message, or a message with an unknown command. */

import { UsageError } from "../../errors";
import { isThenable } from "../commandSteps";
import { InvalidCommand } from "../planErrors";

/** @param known the commands that the engine has */
export function badMessage(yielded: unknown, known: readonly string[]): UsageError {
  if (typeof yielded === "object" && yielded !== null) {
    if ("next" in yielded) return new UsageError("a plan yielded a plan: write `yield*` instead of `yield` before it");
    const { command } = yielded as { command?: unknown };
    if (typeof command === "string") return new InvalidCommand(command, known);
  }
  if (isThenable(yielded)) {
    const moves = "a move is written  yield* mv(motor, 5),  a promise is awaited by  yield* waitFor([() => promise])";
    return new UsageError(`a plan yielded ${String(yielded)}, which is not a message: ${moves}`);
  }
  return new UsageError(`a plan yielded ${String(yielded)}, which is not a message: yield Msg(...), or yield* a plan`);
}
