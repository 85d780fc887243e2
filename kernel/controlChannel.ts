/** The main thread's end of the control thread. */

import { getHeapStatistics } from "node:v8";
import { Worker } from "node:worker_threads";
import { UsageError } from "../lib/errors";
import type { ControlThreadData, FromControl, ToControl } from "./controlThread";
import { interruptState } from "./interruption";
import type { ConnectionInfo } from "./tslabAdapter";

export interface ControlListener {
  /** `frames` of a message that came on the control socket. */
  message(frames: Buffer[]): void;
  /** What ran on the main thread was stopped by force: a message could not get through, or the heap was nearly full. */
  terminated(usedBytes: number | undefined): void;
  /** The process that started this one is gone. */
  orphaned(): void;
}

export class ControlChannel {
  readonly #thread: Worker;
  #closed: (() => void) | undefined;

  private constructor(thread: Worker, listener: ControlListener) {
    this.#thread = thread;
    thread.on("message", (message: FromControl) => this.#onMessage(message, listener));
  }

  /** Resolves when the sockets are bound; rejects if they cannot be. */
  static open(connection: ConnectionInfo, listener: ControlListener): Promise<ControlChannel> {
    const address = (port: number): string => `${connection.transport}://${connection.ip}:${port}`;
    const workerData: ControlThreadData = {
      control: address(connection.control_port),
      heartbeat: address(connection.hb_port),
      shared: interruptState,
      heapLimitBytes: getHeapStatistics().heap_size_limit,
    };
    const thread = new Worker(require.resolve("./controlThread"), { workerData });
    return new Promise((resolve, reject) => {
      thread.once("error", reject);
      thread.once("message", (message: FromControl) => {
        if (message.kind === "failed") {
          reject(new UsageError(`the kernel cannot listen at ${workerData.control}: ${message.message}`));
        } else {
          resolve(new ControlChannel(thread, listener));
        }
      });
    });
  }

  send(frames: (Buffer | string | Uint8Array)[]): void {
    const bytes = frames.map((frame) => (typeof frame === "string" ? Buffer.from(frame) : frame));
    this.#post({ kind: "send", frames: bytes });
  }

  /** Resolves when what was sent is out and the sockets are closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#closed = resolve;
      this.#post({ kind: "close" });
    });
  }

  #post(message: ToControl): void {
    this.#thread.postMessage(message);
  }

  #onMessage(message: FromControl, listener: ControlListener): void {
    switch (message.kind) {
      case "message":
        listener.message(message.frames.map((frame) => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength)));
        this.#post({ kind: "taken", number: message.number });
        return;
      case "question":
        this.#post({ kind: "taken", number: message.number });
        return;
      case "terminated":
        listener.terminated(message.usedBytes);
        return;
      case "orphaned":
        listener.orphaned();
        return;
      case "closed":
        this.#closed?.();
    }
  }
}
