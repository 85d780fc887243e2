/**
 * A thread that hears the front-end while the main thread is busy: it owns the heartbeat and the control socket, hands
 * control messages on, and where the main thread does not take one in time (an endless loop), stops the code that runs there.
 */

import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import { INTERRUPTING, PROTECTED } from "./interruption";
import { watchMemory } from "./memoryWatch";
import { SocketSender } from "./protocol/socketPump";

/** From the main thread. */
export type ToControl =
  | { readonly kind: "send"; readonly frames: Uint8Array[] }
  /** The message or question with this number was taken. */
  | { readonly kind: "taken"; readonly number: number }
  /** The process is about to end: close the sockets, and see to it that it does. */
  | { readonly kind: "close" };

/** To the main thread. `terminated`: its code was stopped by force, to make it listen or since it had filled the heap with `usedBytes`. */
export type FromControl =
  | { readonly kind: "bound" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "message"; readonly number: number; readonly frames: Uint8Array[] }
  /** To be taken in time, that is all. */
  | { readonly kind: "question"; readonly number: number }
  | { readonly kind: "terminated"; readonly usedBytes?: number }
  | { readonly kind: "orphaned" }
  | { readonly kind: "closed" };

export interface ControlThreadData {
  readonly control: string;
  readonly heartbeat: string;
  /** The main thread's `interruptState`. */
  readonly shared: Int32Array;
  /** Of the main thread's heap. */
  readonly heapLimitBytes: number;
}

/** The main thread must take a message within this time; code that blocks it longer is stopped. */
const TAKE_MS = 400;
const POLL_MS = 50;
/** A process that is asked to end and has not by then is killed. */
const END_MS = 900;
const PARENT_POLL_MS = 1000;

const control = new Router({ linger: 300 });
const heartbeat = new Reply({ linger: 0 });
const replies = new SocketSender(control);
const {
  control: controlAddress,
  heartbeat: heartbeatAddress,
  shared,
  heapLimitBytes,
} = workerData as ControlThreadData;
let numbers = 0;
/** What the main thread should take: its number, and since when (ms). */
let expected: { readonly number: number; readonly sinceMs: number } | undefined;
let watching: NodeJS.Timeout | undefined;
let terminating = false;

function post(message: FromControl): void {
  parentPort?.postMessage(message);
}

async function main(): Promise<void> {
  try {
    await Promise.all([control.bind(controlAddress), heartbeat.bind(heartbeatAddress)]);
  } catch (error) {
    post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    return;
  }
  post({ kind: "bound" });
  watchParent();
  watchMemory(heapLimitBytes, (usedBytes) => {
    if (!terminating && Atomics.load(shared, PROTECTED) === 0) terminate({ usedBytes });
  });
  await Promise.all([listen(), echo()]);
}

async function listen(): Promise<void> {
  for await (const frames of control) {
    const number = ++numbers;
    const shutdown = mentions(frames, "shutdown_request");
    post({ kind: "message", number, frames });
    if (shutdown || mentions(frames, "interrupt_request")) watch(number);
    if (shutdown) killLater();
  }
}

async function echo(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

/** A kernel whose Jupyter server was killed should not stay, with its connections to hardware. */
function watchParent(): void {
  if (process.env.JPY_PARENT_PID === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    post({ kind: "orphaned" });
    killLater();
  }, PARENT_POLL_MS);
}

/** The signature is checked by the main thread, which also answers; a forged message can at most end a loop. */
function mentions(frames: readonly Buffer[], type: string): boolean {
  return frames.some((frame) => frame.includes(`"${type}"`));
}

/** Sees to it that the main thread takes the message, and goes on listening until the interrupted cell has ended. */
function watch(number: number): void {
  expected ??= { number, sinceMs: performance.now() };
  watching ??= setInterval(look, POLL_MS);
}

function look(): void {
  if (terminating) return;
  if (!expected) {
    if (Atomics.load(shared, INTERRUPTING) === 0) {
      clearInterval(watching);
      watching = undefined;
      return;
    }
    expected = { number: ++numbers, sinceMs: performance.now() };
    post({ kind: "question", number: expected.number });
    return;
  }
  const late = performance.now() - expected.sinceMs > TAKE_MS;
  if (late && Atomics.load(shared, PROTECTED) === 0) terminate();
}

/**
 * Stops whatever JavaScript runs on the main thread; the process goes on. The frames of that code are gone without `finally`,
 * Node's own among them, so its bookkeeping is put right first, while the thread stands still.
 */
function terminate(why: { readonly usedBytes?: number } = {}): void {
  terminating = true;
  const session = new Session();
  session.connectToMainThread();
  session.once("Debugger.paused", ({ params }) => {
    for (const { callFrameId, functionName } of params.callFrames) {
      if (functionName === "processImmediate") {
        session.post("Debugger.evaluateOnCallFrame", { callFrameId, expression: IMMEDIATE_IS_DONE });
      }
    }
    session.post("Runtime.evaluate", { expression: CLEAR_ASYNC_CONTEXTS });
    session.post("Runtime.terminateExecution");
    session.post("Debugger.disable", () => {
      session.disconnect();
      terminating = false;
      expected = undefined;
      post({ kind: "terminated", ...why });
    });
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

/** Else Node ends the process: "async hook stack has become corrupted". */
const CLEAR_ASYNC_CONTEXTS = 'process.binding("async_wrap").clearAsyncIdStack()';
/** In the frame of Node's loop over immediates: the stopped one counts as run, the rest of the loop follows. */
const IMMEDIATE_IS_DONE =
  "immediate._onImmediate = () => {}; immediate._destroyed = false; immediateInfo[kCount]++; outstandingQueue.head = immediate;";

function killLater(): void {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), END_MS);
}

parentPort?.on("message", async (message: ToControl) => {
  switch (message.kind) {
    case "send":
      replies.send(message.frames);
      return;
    case "taken":
      if (expected && message.number >= expected.number) expected = undefined;
      return;
    case "close":
      await replies.flush();
      control.close();
      heartbeat.close();
      post({ kind: "closed" });
  }
});

void main();
