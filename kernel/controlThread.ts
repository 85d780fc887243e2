/**
 * A thread that hears the front-end while the main thread is busy: it owns the heartbeat and the control socket, hands
 * control messages on, and where the main thread does not take one in time (an endless loop), stops the code that runs there.
 */

import { Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { Reply, Router } from "zeromq";
import { SocketSender } from "./protocol/socketPump";

/** From the main thread. */
export type ToControl =
  | { readonly kind: "send"; readonly frames: Uint8Array[] }
  /** The message with this number was taken. */
  | { readonly kind: "taken"; readonly number: number }
  /** The process is about to end: close the sockets, and see to it that it does. */
  | { readonly kind: "close" };

/** To the main thread. `terminated`: its code was stopped by force to make it listen. */
export type FromControl =
  | { readonly kind: "bound" }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "message"; readonly number: number; readonly frames: Uint8Array[] }
  | { readonly kind: "terminated"; readonly number: number }
  | { readonly kind: "orphaned" }
  | { readonly kind: "closed" };

export interface ControlThreadData {
  readonly control: string;
  readonly heartbeat: string;
  /** One number, shared: above 0 while the main thread runs code of ours that must not be stopped half way. */
  readonly protectedDepth: Int32Array;
}

/** The main thread must take a control message within this time; code that blocks it longer is stopped. */
const TAKE_MS = 400;
/** A process that is asked to end and has not by then is killed. */
const END_MS = 900;
const PARENT_POLL_MS = 1000;

const control = new Router({ linger: 300 });
const heartbeat = new Reply({ linger: 0 });
const replies = new SocketSender(control);
const data = workerData as ControlThreadData;
const { protectedDepth } = data;
const untaken = new Map<number, NodeJS.Timeout>();
let numbers = 0;

function post(message: FromControl): void {
  parentPort?.postMessage(message);
}

async function main(addresses: ControlThreadData): Promise<void> {
  try {
    await Promise.all([control.bind(addresses.control), heartbeat.bind(addresses.heartbeat)]);
  } catch (error) {
    post({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    return;
  }
  post({ kind: "bound" });
  await Promise.all([listen(), echo(), watchParent()]);
}

async function listen(): Promise<void> {
  for await (const frames of control) {
    const number = ++numbers;
    const shutdown = mentions(frames, "shutdown_request");
    if (shutdown || mentions(frames, "interrupt_request")) expectTaken(number);
    post({ kind: "message", number, frames });
    if (shutdown) killLater();
  }
}

async function echo(): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames);
}

/** A kernel whose Jupyter server was killed should not stay, with its connections to hardware. */
async function watchParent(): Promise<void> {
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

function expectTaken(number: number): void {
  const timer = setTimeout(
    () => (Atomics.load(protectedDepth, 0) > 0 ? expectTaken(number) : terminate(number)),
    TAKE_MS,
  );
  untaken.set(number, timer);
}

/**
 * Stops whatever JavaScript runs on the main thread; the process goes on. The frames of that code are gone without `finally`,
 * Node's own among them, so its bookkeeping is put right first, while the thread stands still.
 */
function terminate(number: number): void {
  untaken.delete(number);
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
      post({ kind: "terminated", number });
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
      clearTimeout(untaken.get(message.number));
      untaken.delete(message.number);
      return;
    case "close":
      await replies.flush();
      control.close();
      heartbeat.close();
      post({ kind: "closed" });
  }
});

void main(data);
