/** Asks the user for a line of text on the terminal. */

import { createInterface } from "node:readline";
import { currentHost } from "../display/host";
import { UsageError } from "../errors";

/**
 * Resolves with the line that the user types. Rejects in a notebook, and if the terminal is closed before.
 */
export function askOnTerminal(prompt: string): Promise<string> {
  const noTerminal = new UsageError(
    `cannot ask the user "${prompt}" here: set RE.ask to a function that returns the answer`,
  );
  if (currentHost().rich) return Promise.reject(noTerminal);
  return new Promise((resolve, reject) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    terminal.on("close", () => reject(noTerminal));
    terminal.question(prompt, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}
