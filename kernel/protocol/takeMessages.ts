import { setImmediate } from "node:timers/promises";

/** What we need of a ZeroMQ socket. */
export interface ReceivingSocket {
  readonly closed: boolean;
  receive(): Promise<Buffer[]>;
}

/**
 * Hands on each message of a socket; resolves when that is closed. Unlike ZeroMQ's own iteration it outlives an error of one `receive`
 * (a system call that was interrupted, say): a kernel that is deaf looks like one that is busy for ever. Called once more for the same
 * socket it goes on where the first call cannot, since the turn it waited for was cut off; else it resolves at once.
 * `take` must not throw.
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
