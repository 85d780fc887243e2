/** The error for a plan that yielded something other than a message, or a message with an unknown command. */

import { UsageError } from "../../errors";
import { InvalidCommand } from "../planErrors";

export function badMessage(yielded: unknown): UsageError {
  if (typeof yielded === "object" && yielded !== null) {
    if ("next" in yielded) return new UsageError("a plan yielded a plan: write `yield*` instead of `yield` before it");
    const { command } = yielded as { command?: unknown };
    if (typeof command === "string") return new InvalidCommand(command);
  }
  return new UsageError(`a plan yielded ${String(yielded)}, which is not a message: yield Msg(...), or yield* a plan`);
}
