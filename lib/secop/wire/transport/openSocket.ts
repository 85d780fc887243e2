/** Opens a socket, for TCP and WebSocket alike. */

import type { NodeAddress } from "../uri";
import { cannotConnect, socketReason, type Transport, type TransportEvents } from "./transport";

/** The events of a socket. */
export interface SocketEvents {
  opened(transport: Transport): void;
  /** Called before `closed`, with the reason for it. */
  failed(error: unknown): void;
  closed(): void;
}

/**
 * Resolves with the transport once the socket is open; rejects with a one-line error, or with the signal's
 * reason. `connect` makes the socket and returns the function that destroys it.
 */
export function openSocket(
  address: NodeAddress,
  events: TransportEvents,
  signal: AbortSignal,
  connect: (on: SocketEvents) => () => void,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let reason = "closed by the node";
    const settled = () => signal.removeEventListener("abort", abort);
    const destroy = connect({
      opened: (transport) => {
        settled();
        resolve(transport);
      },
      failed: (error) => {
        reason = socketReason(error);
        reject(cannotConnect(address, reason, error));
      },
      closed: () => {
        settled();
        events.closed(reason);
      },
    });
    const abort = () => {
      destroy();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
  });
}
