/** Programs that run beside a test. */

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";

/** A program that was started, with what it printed. */
export interface Program {
  readonly child: ChildProcess;
  /** What it wrote to stdout and stderr so far. */
  readonly out: string;
}

/** Starts a program. `stdio` has pipes for stdout and stderr. */
export function startProgram(command: string, args: readonly string[], options: SpawnOptions): Program {
  const child = spawn(command, args, options);
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
  return {
    child,
    get out() {
      return out;
    },
  };
}

/** Ends a program unless it has ended; resolves when it has. */
export async function endProgram(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}
