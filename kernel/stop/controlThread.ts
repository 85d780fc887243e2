/**
 * A thread that hears the front-end while the main thread is busy: it owns the heartbeat and the control socket, hands
 * control messages on, and where the main thread does not take one in time (an endless loop), stops the code that runs there.
 */

import { rmSync } from "node:fs";
import { parentPort, resourceLimits, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import { errorText } from "../../lib/errors";
import { bind, MessageCodec, SocketSender, takeMessages } from "../protocol/index";
import { CodeStopper, type MemoryUse } from "./codeStopper";
import { CLOSED, INTERRUPTING, PROTECTED } from "./interruption";
import { MemoryWatch } from "./memoryWatch";

/** From the main thread. */
export type ControlThreadCommand =
  /**
   * Texts stay texts: ZeroMQ copies them, and small buffers. Larger buffers it hands back to this thread when they are sent, and that
   * ends the process if the thread is gone.
   */
  | { readonly kind: "send"; readonly frames: (string | Uint8Array)[] }
  /** The message or question with this number was taken. */
  | { readonly kind: "taken"; readonly number: number }
  /** The process is about to end. */
  | { readonly kind: "close" };

/** To the main thread. `terminated`: its code was stopped by force, to make it listen or since it had filled the memory. */
export type ControlThreadEvent =
  | { readonly kind: "bound" }
  /** All is closed; the message says where it could not listen. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "message"; readonly number: number; readonly frames: Uint8Array[] }
  /** To be taken in time, that is all. */
  | { readonly kind: "question"; readonly number: number }
  | { readonly kind: "terminated"; readonly memory?: MemoryUse }
  | { readonly kind: "orphaned" };

export interface ControlThreadData {
  readonly control: string;
  readonly heartbeat: string;
  readonly connectionFile: string;
  /** Signs the messages. */
  readonly key: string;
  /** The main thread's `interruptState`. */
  readonly shared: Int32Array;
  /** Of the main thread's heap. */
  readonly heapLimitBytes: number;
}

/** The main thread must take a message within this time; code that blocks it longer is stopped. */
const TAKE_MS = 400;
const POLL_MS = 50;
/** A process that is asked to end and has not by then is killed: before Jupyter does so, which takes 2.5 s. */
const END_MS = 2400;
const PARENT_POLL_MS = 1000;

const control = new Router({ linger: 300 });
const heartbeat = new Reply({ linger: 0 });
const replies = new SocketSender(control);
const {
  control: controlAddress,
  heartbeat: heartbeatAddress,
  connectionFile,
  key,
  shared,
  heapLimitBytes,
} = workerData as ControlThreadData;
/** What code keeps must fit in beside the young objects: by default 48 MB in Node 20, 192 MB in Node 24. */
const keptLimitBytes = heapLimitBytes - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * 2 ** 20;
const codec = new MessageCodec(key);
let numbers = 0;
/** What the main thread should take: its number, and since when (ms). */
let expected: { readonly number: number; readonly sinceMs: number } | undefined;
let watching: NodeJS.Timeout | undefined;
let parentWatch: NodeJS.Timeout | undefined;
const stopper = new CodeStopper({
  heapLimitBytes: keptLimitBytes,
  mayStop: () => Atomics.load(shared, PROTECTED) === 0,
  onStopped: (memory) => {
    expected = undefined;
    post({ kind: "terminated", ...(memory && { memory }) });
  },
});
const memoryWatch = new MemoryWatch(stopper, keptLimitBytes);

function post(message: ControlThreadEvent): void {
  parentPort?.postMessage(message);
}

async function main(): Promise<void> {
  const bound = await Promise.allSettled([bind(control, controlAddress), bind(heartbeat, heartbeatAddress)]);
  const failure = bound.find((one) => one.status === "rejected");
  if (failure) {
    closeSockets();
    post({ kind: "failed", message: errorText(failure.reason) });
    return;
  }
  post({ kind: "bound" });
  watchParent();
  await Promise.all([
    takeMessages(control, onControl),
    takeMessages(heartbeat, (frames) => void heartbeat.send(frames).catch(() => undefined)),
  ]);
}

/** A process that ends with sockets of another thread open is aborted by ZeroMQ. */
function closeSockets(): void {
  control.close();
  heartbeat.close();
}

function onControl(frames: Buffer[]): void {
  const number = ++numbers;
  const type = signedType(frames);
  post({ kind: "message", number, frames });
  if (type !== "shutdown_request" && type !== "interrupt_request") return;
  expected ??= { number, sinceMs: performance.now() };
  watch();
  if (type === "shutdown_request") killLater();
}

/** A kernel whose Jupyter server was killed should not stay, with its connections to hardware. */
function watchParent(): void {
  const starter = process.env.JPY_PARENT_PID;
  if (starter === undefined) return;
  const parent = process.ppid;
  // A parent that was gone before this point is known by the number it left. On Windows that is something else, but `ppid` stays.
  const needed = process.platform === "win32" ? [parent] : [parent, Number(starter) || parent];
  parentWatch = setInterval(() => {
    if (process.ppid === parent && needed.every(isAlive)) return;
    clearInterval(parentWatch);
    // Whoever wrote it cannot take it away any more.
    rmSync(connectionFile, { force: true });
    post({ kind: "orphaned" });
    ask();
    watch();
    killLater();
  }, PARENT_POLL_MS);
}

/** On Windows a process keeps the id of its parent when that is gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Undefined for what is not signed with our key: anybody on this machine may send something. The main thread complains of it. */
function signedType(frames: readonly Buffer[]): string | undefined {
  try {
    return codec.decode(frames).header.msg_type;
  } catch {
    return undefined;
  }
}

/** Sees to it that the main thread takes what is expected of it, and goes on listening until the interrupted cell has ended. */
function watch(): void {
  watching ??= setInterval(look, POLL_MS);
}

function ask(): void {
  expected ??= { number: ++numbers, sinceMs: performance.now() };
  post({ kind: "question", number: expected.number });
}

function look(): void {
  if (stopper.stopping) return;
  if (!expected) {
    if (Atomics.load(shared, INTERRUPTING) === 0) {
      clearInterval(watching);
      watching = undefined;
      return;
    }
    ask();
    return;
  }
  if (performance.now() - expected.sinceMs > TAKE_MS) void stopper.stop();
}

function killLater(): void {
  // Not for its own sake: the thread ends when all is closed, and the main thread is about to end the process then.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), END_MS).unref();
}

/** Ends the thread. */
async function close(): Promise<void> {
  for (const timer of [watching, parentWatch]) clearInterval(timer);
  memoryWatch.close();
  await replies.flush();
  closeSockets();
  parentPort?.close();
  Atomics.store(shared, CLOSED, 1);
  Atomics.notify(shared, CLOSED);
}

parentPort?.on("message", (message: ControlThreadCommand) => {
  switch (message.kind) {
    case "send":
      replies.send(message.frames);
      return;
    case "taken":
      if (expected && message.number >= expected.number) expected = undefined;
      stopper.forget();
      return;
    case "close":
      void close();
  }
});

void main();
