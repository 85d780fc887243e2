/** Recognizes Jupyter's console. */

// The console shows no updates of a display and opens pictures in another program, so views appear there as
// lines of text.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

let known: boolean | undefined;

/**
 * Whether the console started this kernel. Messages do not name their front-end, but the console is the
 * parent process of its kernel.
 */
export function isJupyterConsole(): boolean {
  known ??= /\bjupyter-console\b|\bjupyter_console\b/.test(commandOf(process.ppid));
  return known;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
}
