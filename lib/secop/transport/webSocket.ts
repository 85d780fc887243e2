// SECoP over WebSocket (RFC-107): one message per text frame.

import { Buffer } from "node:buffer";
import { WebSocket } from "ws";
import type { NodeAddress } from "../uri";
import { cannotConnect, socketReason, type Transport, type TransportEvents } from "./transport";

/** A frame must fit into a JavaScript string. Bytes. */
const MAX_FRAME = 2 ** 28;

/** Opens a WebSocket; rejects with one clear line, or with the signal's reason. */
export function openWebSocket(address: NodeAddress, events: TransportEvents, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const host = address.host.includes(":") ? `[${address.host}]` : address.host;
    const socket = new WebSocket(`ws://${host}:${address.port}${address.path}`, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME,
    });
    let reason = "closed by the node";
    const abort = () => {
      socket.terminate();
      reject(signal.reason);
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.on("error", (error) => {
      reason = socketReason(error);
      reject(cannotConnect(address, reason, error));
    });
    socket.on("close", () => {
      signal.removeEventListener("abort", abort);
      events.closed(reason);
    });
    socket.on("open", () => {
      signal.removeEventListener("abort", abort);
      resolve({
        send: (line) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(line);
        },
        close: () => {
          socket.removeAllListeners("close").removeAllListeners("message");
          socket.terminate();
        },
      });
    });
    socket.on("message", (data) => {
      const text = Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString();
      for (const line of text.split("\n")) if (line !== "" && line !== "\r") events.line(line.replace(/\r$/, ""));
    });
  });
}
