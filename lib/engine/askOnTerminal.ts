import { createInterface } from "node:readline";
import { currentHost } from "../display/host";
import { UsageError } from "../errors";

/** A line from the terminal; rejects where there is none, or when it is closed. */
export function askOnTerminal(prompt: string): Promise<string> {
  const nobody = new UsageError(`nobody can be asked "${prompt}" here: set RE.ask to a function that gives the answer`);
  if (currentHost().rich) return Promise.reject(nobody);
  return new Promise((resolve, reject) => {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    terminal.on("close", () => reject(nobody));
    terminal.question(prompt, (answer) => {
      resolve(answer);
      terminal.close();
    });
  });
}
