/** The control thread, which listens to the front-end while the main thread is busy. */

// It owns the heartbeat and the control socket, and passes control messages to the main thread. If the main
// thread does not take a message in time (its code blocks, for instance in an endless loop), this thread
// stops that code.

import { rmSync } from "node:fs";
import { parentPort, resourceLimits, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import { errorText } from "../../lib/errors";
import { isAlive } from "../../lib/isAlive";
import { bind, LINGER_MS, MessageCodec, type SocketSecurity, SocketSender, takeMessages } from "../protocol/index";
import { signalNewestChild } from "./childProcesses";
import { CodeStopper, type MemoryUse } from "./codeStopper";
import { onEndSignal } from "./endSignals";
import { CHILD, CHILD_BLOCKS, CHILD_INTERRUPTED, CLOSED, INTERRUPTING, PROTECTED } from "./interruption";
import { MemoryWatch } from "./memoryWatch";

/** A message from the main thread to the control thread. */
export type ControlThreadCommand =
  /**
   * Frames to send on the control socket. Strings must stay strings: ZeroMQ copies them, and small
   * buffers. It gives larger buffers back to this thread when they are sent, and that would crash the
   * process if the thread had ended.
   */
  | { readonly kind: "send"; readonly frames: (string | Uint8Array)[] }
  /** The main thread took the message or question with this number. */
  | { readonly kind: "taken"; readonly number: number }
  /** The process is about to end. */
  | { readonly kind: "close" };

/** A message from the control thread to the main thread. */
export type ControlThreadEvent =
  | { readonly kind: "bound" }
  /** A socket could not be bound, as `message` says; both are closed. */
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "message"; readonly number: number; readonly frames: Uint8Array[] }
  /** Asks only for the answer `taken`, which shows that the main thread is not blocked. */
  | { readonly kind: "question"; readonly number: number }
  /**
   * Code of the main thread was stopped by force: it blocked, or (with `memory`) it had
   * nearly filled the memory.
   */
  | { readonly kind: "terminated"; readonly memory?: MemoryUse }
  /** The kernel should end: the process that started it is gone, or a signal asks for it. */
  | { readonly kind: "ended" };

export interface ControlThreadData {
  /** Address of the control socket. */
  readonly control: string;
  /** Address of the heartbeat socket. */
  readonly heartbeat: string;
  readonly connectionFile: string;
  /** The key that signs messages, and how it does. */
  readonly key: string;
  readonly scheme: string | undefined;
  /** How the sockets are encrypted. */
  readonly security: SocketSecurity;
  /** The main thread's `interruptState`. */
  readonly shared: Int32Array;
  /** The limit of the main thread's heap. */
  readonly heapLimitBytes: number;
}

/** The main thread must take a message within this time; code that blocks it longer is stopped. */
const TAKE_MS = 400;
const POLL_MS = 50;
/**
 * A process that has not ended this long after it was asked to is killed. On a busy machine it may take its
 * time to stop the hardware and to send its reply; Jupyter itself kills it after 5 s.
 */
const END_MS = 4500;
const PARENT_POLL_MS = 1000;

const {
  control: controlAddress,
  heartbeat: heartbeatAddress,
  connectionFile,
  key,
  scheme,
  security,
  shared,
  heapLimitBytes,
} = workerData as ControlThreadData;
const control = new Router({ linger: LINGER_MS, ...security });
const heartbeat = new Reply({ linger: 0, ...security });
const replies = new SocketSender(control);
/**
 * The limit of the heap without its young generation (by default 48 MB in Node 20, 192 MB in Node 24):
 * objects that code keeps must fit in here.
 */
const keptLimitBytes = heapLimitBytes - (resourceLimits.maxYoungGenerationSizeMb ?? 0) * 2 ** 20;
const codec = new MessageCodec(key, scheme);
let numbers = 0;
/** The oldest message that the main thread has not taken yet: its number, and when it was sent (ms). */
let expected: { readonly number: number; readonly sinceMs: number } | undefined;
let checks: NodeJS.Timeout | undefined;
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
  onEndSignal(endKernel);
  await Promise.all([
    takeMessages(control, onControl),
    takeMessages(heartbeat, (frames) => void heartbeat.send(frames).catch(() => {})),
  ]);
}

/** ZeroMQ aborts a process that ends while sockets of another thread are open. */
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
  startChecks();
  if (type === "shutdown_request") killLater();
}

/**
 * Ends the kernel if the process that started it is gone: it must not stay behind with
 * its connections to hardware.
 */
function watchParent(): void {
  const starter = process.env.JPY_PARENT_PID;
  if (starter === undefined) return;
  const parent = process.ppid;
  // JPY_PARENT_PID names a parent that was gone before we looked. On Windows it is a handle instead, but
  // there `ppid` does not change.
  const needed = process.platform === "win32" ? [parent] : [parent, Number(starter) || parent];
  parentWatch = setInterval(() => {
    if (process.ppid === parent && needed.every(isAlive)) return;
    clearInterval(parentWatch);
    // The process that wrote the file can no longer remove it.
    rmSync(connectionFile, { force: true });
    endKernel();
  }, PARENT_POLL_MS);
}

/** Asks the main thread to end the kernel as a shutdown request does; code that blocks it is stopped. */
function endKernel(): void {
  post({ kind: "ended" });
  askMainThread();
  startChecks();
  killLater();
}

/**
 * The type of a message, or undefined if it is not signed with our key: any user of the machine may send
 * one. The main thread logs it.
 */
function signedType(frames: readonly Buffer[]): string | undefined {
  try {
    return codec.decode(frames).header.msg_type;
  } catch {
    return undefined;
  }
}

/** Checks regularly that the main thread takes messages, until the interrupted cell has ended. */
function startChecks(): void {
  checks ??= setInterval(checkMainThread, POLL_MS);
}

/** Sends a question that the main thread can take only if it is not blocked. */
function askMainThread(): void {
  expected ??= { number: ++numbers, sinceMs: performance.now() };
  post({ kind: "question", number: expected.number });
}

/** Stops the code of the main thread if that has not taken a message in time. */
function checkMainThread(): void {
  if (stopper.stopping) return;
  if (!expected) {
    if (Atomics.load(shared, INTERRUPTING) === 0) {
      clearInterval(checks);
      checks = undefined;
      return;
    }
    askMainThread();
    return;
  }
  if (performance.now() - expected.sinceMs <= TAKE_MS) return;
  if (Atomics.load(shared, CHILD) === 0) void stopper.stop();
  else endBlockingChild();
}

/**
 * The signals by which a child that blocks the main thread is ended, each after the one before it had time.
 */
const CHILD_SIGNALS = ["SIGINT", "SIGTERM", "SIGKILL"] as const;
let childSignals = 0;

/** Ends the child process that the main thread waits for: first politely. */
function endBlockingChild(): void {
  if (Atomics.compareExchange(shared, CHILD, CHILD_BLOCKS, CHILD_INTERRUPTED) === CHILD_BLOCKS) childSignals = 0;
  signalNewestChild(CHILD_SIGNALS[childSignals++] ?? "SIGKILL");
  // The next signal follows if the main thread is still blocked after the same time again.
  if (expected) expected = { number: expected.number, sinceMs: performance.now() };
}

/** Kills the process if it has not ended in time. */
function killLater(): void {
  // The timer must not keep this thread alive: when it ends, the main thread is about to end the process
  // anyway.
  setTimeout(() => process.kill(process.pid, "SIGKILL"), END_MS).unref();
}

/** Sends what is queued and ends the thread. */
async function close(): Promise<void> {
  for (const timer of [checks, parentWatch]) clearInterval(timer);
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
