/** Starts the control thread (../stop/controlThread.ts) and exchanges messages with it. */

import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { UsageError } from "../../lib/errors";
import { channelAddress, socketSecurity } from "../protocol/index";
import {
  CLOSED,
  type ControlThreadCommand,
  type ControlThreadData,
  type ControlThreadEvent,
  interruptState,
  type MemoryUse,
} from "../stop/index";
import type { ConnectionInfo } from "../tslabAdapter";

/** Receives the events of the control thread. */
export interface ControlListener {
  /** A message arrived on the control socket. */
  message(frames: Buffer[]): void;
  /**
   * Code of the main thread was stopped by force: it blocked, or (with `memory`) it had
   * nearly filled the memory.
   */
  terminated(memory: MemoryUse | undefined): void;
  /** The kernel should end: the process that started it is gone, or a signal asks for it. */
  ended(): void;
}

/** How long a process that ends waits for the control thread to close its sockets. */
const CLOSE_MS = 500;

/** The main thread's side of the control socket. */
export class ControlChannel {
  readonly #thread: Worker;

  private constructor(thread: Worker, listener: ControlListener) {
    this.#thread = thread;
    thread.on("message", (message: ControlThreadEvent) => this.#onMessage(message, listener));
  }

  /** Resolves when the sockets are bound; rejects if they cannot be. */
  static open(connection: ConnectionInfo, connectionFile: string, listener: ControlListener): Promise<ControlChannel> {
    const workerData: ControlThreadData = {
      control: channelAddress(connection, connection.control_port),
      heartbeat: channelAddress(connection, connection.hb_port),
      connectionFile,
      key: connection.key,
      scheme: connection.signature_scheme,
      security: socketSecurity(connection),
      shared: interruptState,
      heapLimitBytes: getHeapStatistics().heap_size_limit,
    };
    const thread = new Worker(require.resolve("../stop/controlThread"), { workerData });
    return new Promise((resolve, reject) => {
      thread.once("error", reject);
      thread.once("message", (message: ControlThreadEvent) => {
        if (message.kind === "failed") {
          reject(new UsageError(message.message));
        } else {
          resolve(new ControlChannel(thread, listener));
        }
      });
    });
  }

  /** Sends a message on the control socket. */
  send(frames: (Buffer | string | Uint8Array)[]): void {
    this.#post({ kind: "send", frames });
  }

  /** Sends what is queued and ends the thread, for a process that ends now: blocks until that is done. */
  closeNow(): void {
    this.#post({ kind: "close" });
    Atomics.wait(interruptState, CLOSED, 0, CLOSE_MS);
  }

  #post(message: ControlThreadCommand): void {
    this.#thread.postMessage(message);
  }

  #onMessage(message: ControlThreadEvent, listener: ControlListener): void {
    switch (message.kind) {
      case "message":
        listener.message(message.frames.map((frame) => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)));
        this.#post({ kind: "taken", number: message.number });
        return;
      case "question":
        this.#post({ kind: "taken", number: message.number });
        return;
      case "terminated":
        listener.terminated(message.memory);
        return;
      case "ended":
        listener.ended();
    }
  }
}
