/** Asks the user for a line of text: in the running cell, or on the terminal. */

import { createInterface } from "node:readline";
import { currentHost } from "../display/host";
import { UsageError } from "../errors";

/**
 * Resolves with the line that the user types. Rejects where nobody can type one, if the terminal is closed
 * before, and when the cell is interrupted.
 */
export function askUser(prompt: string): Promise<string> {
  const cannotAsk = new UsageError(
    `cannot ask the user "${prompt}" here: set RE.ask to a function that returns the answer`,
  );
  const host = currentHost();
  const asked = host.ask?.(prompt);
  if (asked !== undefined) return asked;
  if (host.rich) return Promise.reject(cannotAsk);
  return new Promise((resolve, reject) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const onClose = () => reject(cannotAsk);
    terminal.on("close", onClose);
    // The terminal hands Ctrl-C to readline, which would only close it. As a signal, it aborts the plan.
    terminal.on("SIGINT", () => {
      terminal.off("close", onClose);
      process.once("SIGINT", () => terminal.close());
      process.kill(process.pid, "SIGINT");
    });
    terminal.question(prompt, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}
