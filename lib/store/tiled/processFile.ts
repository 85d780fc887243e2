/** Files that name a process, so that others know whether it is still at work. */

import { readFileSync, statSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { realClock } from "../../clock";
import { isAlive } from "../../isAlive";

/** The content of a file that names this process. */
export const OWN_PROCESS = `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`;

/** The process that a file names: this one, another that lives, or none. */
export function processIn(path: string): "this" | "another" | "none" {
  try {
    const { pid, host } = JSON.parse(readFileSync(path, "utf8")) as { pid: number; host: string };
    if (host !== hostname()) return "none";
    // Since the computer was started, other programs may have got the number of the process.
    if (1000 * (realClock.now() - uptime()) > statSync(path).mtimeMs + CLOCK_STEP_MS) return "none";
    if (pid === process.pid) return "this";
    return isAlive(pid) ? "another" : "none";
  } catch {
    return "none";
  }
}

/** Milliseconds by which a clock may be set while a run is made. */
const CLOCK_STEP_MS = 60_000;
