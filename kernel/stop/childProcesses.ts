/** Ends a child process that the main thread waits for, together with its own children. */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Ticks since the machine started; on systems without /proc, processes are compared by their numbers. */
  readonly started: number;
}

/**
 * Sends a signal to the newest child of this process and to all processes below it. While the main thread
 * waits for a child, that child is the newest one: other children were started before.
 */
export function signalNewestChild(signal: NodeJS.Signals): void {
  const all = process.platform === "linux" ? fromProc() : fromPs();
  const children = all.filter(({ parent }) => parent === process.pid);
  const newest = children.sort((a, b) => b.started - a.started || b.pid - a.pid)[0];
  if (newest) signalTree(newest.pid, all, signal);
}

function signalTree(pid: number, all: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  for (const child of all) if (child.parent === pid) signalTree(child.pid, all, signal);
  try {
    process.kill(pid, signal);
  } catch {
    // The process has ended meanwhile.
  }
}

function fromProc(): ProcessEntry[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The name of the program, in parentheses, may contain anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return [{ pid: Number(name), parent: Number(fields[1]), started: Number(fields[19]) }];
    } catch {
      return [];
    }
  });
}

function fromPs(): ProcessEntry[] {
  try {
    const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
    const entries = lines.map((line) => line.trim().split(/\s+/).map(Number));
    return entries.map(([pid = 0, parent = 0]) => ({ pid, parent, started: 0 }));
  } catch {
    return [];
  }
}
