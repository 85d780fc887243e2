/** Jupyter's console shows no updates of a display, and hands pictures to a viewer: there, views are lines of text, as in a terminal. */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

let known: boolean | undefined;

/** Whether the console started this kernel. No message says which front-end sent it, but the console is the parent of its kernel. */
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
