import { UsageError } from "../../errors";
import { InvalidCommand } from "../planErrors";

/** What is wrong with something a plan yielded that is no message or has a command nobody knows. */
export function badMessage(yielded: unknown): UsageError {
  if (typeof yielded === "object" && yielded !== null) {
    if ("next" in yielded) return new UsageError("a plan yielded a plan: write `yield*` instead of `yield` before it");
    const { command } = yielded as { command?: unknown };
    if (typeof command === "string") return new InvalidCommand(command);
  }
  return new UsageError(`a plan yielded ${String(yielded)}, which is no message: yield Msg(...), or yield* a plan`);
}
