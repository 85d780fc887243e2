/**
 * Runs a command of the shell for a cell: its output appears while it runs, and an interrupt ends all its
 * processes.
 */

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { currentHost, type Interruption } from "../../lib/display/host";
import { inTime } from "../../lib/timeLimit";
import { type Cell, currentCell, passOnText } from "../output/index";

export interface ShellOptions {
  /** The program. Default: bash, or sh where there is none. */
  readonly shell?: "bash" | "sh";
  /** Options of the program, before the command. */
  readonly flags?: readonly string[];
  /** The positional parameters, `$1` and so on. */
  readonly parameters?: readonly string[];
  /** Gets what the command writes to stdout, in parts. Default: it goes to the cell. */
  stdout?(text: string): void;
}

/** How a command ended: exactly one of the two is not null. */
export interface ShellEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Seconds that the cell waits for the last output of a command that has ended: a background process may keep
 * its pipe.
 */
const LAST_OUTPUT = 0.5;
/** An interrupted command may take this long to end by itself before a stronger signal follows (ms). */
const POLITE_MS = 1000;

/**
 * Runs a command; what it writes goes to the cell. Rejects if it cannot start, and when the cell is
 * interrupted.
 */
export async function runShell(command: string, options: ShellOptions = {}): Promise<ShellEnd> {
  const cell = currentCell();
  cell?.signal.throwIfAborted();
  const child = await start(command, options);
  const stdout = options.stdout ?? writerOf("stdout", cell);
  const written = [passOnText(child.stdout, stdout), passOnText(child.stderr, writerOf("stderr", cell))];
  const ended = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  const forget = endWithCell(child, ended, cell?.signal);
  try {
    const [code, signal] = await ended;
    await inTime(Promise.all(written), LAST_OUTPUT, cell?.signal);
    cell?.signal.throwIfAborted();
    return { code, signal };
  } finally {
    forget();
  }
}

/** The words for a command that did not succeed; undefined for one that did. */
export function failureOf({ code, signal }: ShellEnd): string | undefined {
  if (signal !== null) return `the command was ended by ${signal}`;
  return code === 0 ? undefined : `the command ended with exit code ${code}`;
}

async function start(
  command: string,
  { shell, flags = [], parameters = [] }: ShellOptions,
): Promise<ChildProcessByStdio<null, Readable, Readable>> {
  const [program, args] =
    process.platform === "win32"
      ? ["cmd.exe", ["/d", "/s", "/c", command]]
      : [shell ?? "bash", [...flags, "-c", command, shell ?? "bash", ...parameters]];
  // Nobody could type an answer, so a command that asks for one gets the end of its input at once.
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true, windowsHide: true });
  try {
    await once(child, "spawn");
    return child;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (isMissing && shell === undefined) return start(command, { shell: "sh", flags, parameters });
    throw error;
  }
}

/** Writes to a stream of the cell; without a cell, to that of the process. */
function writerOf(name: "stdout" | "stderr", cell: Cell | undefined): (text: string) => void {
  return (text) => {
    if (cell) cell.stream(name, text);
    else process[name].write(text);
  };
}

/**
 * Ends the command when the cell is interrupted, and when the kernel ends. Returns a function that undoes
 * this.
 */
function endWithCell(child: ChildProcess, ended: Promise<unknown>, signal: AbortSignal | undefined): () => void {
  const timers: NodeJS.Timeout[] = [];
  const kill = (how: NodeJS.Signals): boolean => signalGroup(child, how);
  const onAbort = (): void => {
    kill("SIGINT");
    timers.push(
      setTimeout(() => kill("SIGTERM"), POLITE_MS),
      setTimeout(() => kill("SIGKILL"), 2 * POLITE_MS),
    );
    // A shell starts its background processes so that they ignore SIGINT.
    const rest = ended.then(() => void kill("SIGKILL"));
    (signal?.reason as Partial<Interruption> | undefined)?.serving?.(rest, () => kill("SIGKILL"));
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  const forgetEnd = currentHost().onShutdown(() => void kill("SIGKILL"), "activity");
  return () => {
    signal?.removeEventListener("abort", onAbort);
    for (const timer of timers) clearTimeout(timer);
    forgetEnd();
  };
}

/** Sends a signal to all processes of a command; returns whether there was one. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined) return false;
  try {
    // The command leads a process group of its own, which Windows does not have.
    return process.platform === "win32" ? child.kill(signal) : process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}
