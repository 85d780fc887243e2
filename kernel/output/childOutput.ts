/**
 * Sends what child processes write to the stdout and stderr they inherit to the cell that started them, and
 * lets an interrupt end a child that a cell waits for synchronously.
 */

import { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { inTime } from "../../lib/timeLimit";
import type { StreamName } from "../protocol/index";
import { whileChildBlocks } from "../stop/index";
import { currentCell, KeyboardInterrupt } from "./cell";
import { passOnText } from "./pipedText";

/**
 * Seconds that a cell waits for the last output of a child that has ended: a grandchild may keep the pipe.
 */
const LAST_OUTPUT = 0.5;

const NAMES: readonly (StreamName | undefined)[] = [undefined, "stdout", "stderr"];

/** Node's option `stdio` of one stream, after Node has parsed it or before. */
type Stdio = string | number | { readonly type?: string; readonly fd?: number } | null | undefined;

/** Captures the children of this process. Returns a function that undoes it. */
export function captureChildOutput(): () => void {
  const undo = [captureChildren(), captureSyncChildren()];
  return () => {
    for (const fn of undo) fn();
  };
}

/** The stream of ours that a child's stream `index` would share. */
function sharedStream(stdio: Stdio, index: number): StreamName | undefined {
  if (stdio === "inherit") return NAMES[index];
  if (typeof stdio === "number") return NAMES[stdio];
  if (typeof stdio !== "object" || stdio === null) return undefined;
  // `{ type: "pipe" }` of a synchronous child has no fd; `process.stdout` itself has one.
  return stdio.type === undefined || stdio.type === "fd" || stdio.type === "inherit"
    ? NAMES[stdio.fd ?? (stdio.type === "inherit" ? index : -1)]
    : undefined;
}

interface Spawning {
  spawn(options: { stdio?: Stdio | Stdio[] }): number;
}

function captureChildren(): () => void {
  // `spawn` is not part of Node's types; all functions that start children call it.
  const prototype = ChildProcess.prototype as unknown as Spawning;
  const { spawn } = prototype;
  prototype.spawn = function (this: ChildProcess, options) {
    const cell = currentCell();
    if (!cell) return spawn.call(this as unknown as Spawning, options);
    const given = options.stdio ?? "pipe";
    const list = Array.isArray(given) ? given : [given, given, given];
    const shared = list.map(sharedStream);
    const stdio = list.map((one, i) => (shared[i] ? "pipe" : one));
    const result = spawn.call(this as unknown as Spawning, { ...options, stdio });
    for (const [i, name] of shared.entries()) if (name) forward(this, i, name);
    return result;
  };
  return () => {
    prototype.spawn = spawn;
  };
}

/** Passes on what the child writes, and hides the pipe, since the child seems to share our stream. */
function forward(child: ChildProcess, index: number, name: StreamName): void {
  const cell = currentCell();
  const stdio = child.stdio as (Readable | null | undefined)[];
  const pipe = stdio[index];
  if (!cell || !pipe) return;
  const written = passOnText(pipe, (text) => cell.stream(name, text));
  child.once("exit", () => cell.hold(inTime(written, LAST_OUTPUT, undefined, { real: true })));
  stdio[index] = null;
  if (index === 1) child.stdout = null;
  if (index === 2) child.stderr = null;
}

interface SyncOptions {
  stdio?: Stdio[];
  maxBuffer?: number;
}
interface SyncResult {
  output?: (Buffer | null)[] | null;
}
interface SyncBinding {
  spawn(options: SyncOptions): SyncResult;
}

/**
 * Captures `spawnSync`, `execSync` and `execFileSync` in the binding that all three call: only there the
 * output of each stream is known.
 */
function captureSyncChildren(): () => void {
  const binding = syncBinding();
  if (!binding) return () => {};
  const { spawn } = binding;
  binding.spawn = (options) => {
    const cell = currentCell();
    if (!cell) return spawn.call(binding, options);
    const shared = (options.stdio ?? []).map(sharedStream);
    const pipe = { type: "pipe", readable: false, writable: true };
    const captured = shared.some((name) => name !== undefined)
      ? { ...options, stdio: options.stdio?.map((one, i) => (shared[i] ? pipe : one)), maxBuffer: Infinity }
      : options;
    const { value, interrupted } = whileChildBlocks(() => spawn.call(binding, captured as SyncOptions));
    for (const [i, name] of shared.entries()) {
      const output = value.output?.[i];
      if (!name || !value.output) continue;
      if (output) cell.stream(name, Buffer.from(output).toString());
      value.output[i] = null;
    }
    if (interrupted) throw KeyboardInterrupt.ofChild(cell.name);
    return value;
  };
  return () => {
    binding.spawn = spawn;
  };
}

/** Undefined in a version of Node that does not offer it: then such output is lost, as it was before. */
function syncBinding(): SyncBinding | undefined {
  try {
    // Node's types leave out `binding`, because it is deprecated.
    return (process as unknown as { binding(name: string): SyncBinding }).binding("spawn_sync");
  } catch {
    return undefined;
  }
}
