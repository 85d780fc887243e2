/** Receives the messages of a ZeroMQ socket. */

import { setImmediate } from "node:timers/promises";

/** The part of a ZeroMQ socket that receives. */
export interface ReceivingSocket {
  readonly closed: boolean;
  receive(): Promise<Buffer[]>;
}

/**
 * Calls `take` with each message of a socket; resolves when the socket is closed. `take` must not throw.
 *
 * ZeroMQ's own iteration ends at the first error of a `receive`, for instance an interrupted system call.
 * This loop continues, since a kernel that stops listening looks like one that is busy forever. Call it again
 * for the same socket after code was stopped by force: if the first loop was cut off, the second takes over,
 * otherwise the second resolves at once.
 */
export async function takeMessages(socket: ReceivingSocket, take: (frames: Buffer[]) => void): Promise<void> {
  while (!socket.closed) {
    try {
      take(await socket.receive());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EBUSY") return;
      await setImmediate();
    }
  }
}
