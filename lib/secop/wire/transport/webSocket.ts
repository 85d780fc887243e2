/** SECoP over WebSocket (RFC-107), plain or over TLS: one message per text frame. */

import { Buffer } from "node:buffer";
import { type RawData, WebSocket } from "ws";
import type { NodeAddress } from "../uri";
import { openSocket } from "./openSocket";
import { KEEP_ALIVE_MS, type Transport, type TransportEvents } from "./transport";

/** The longest frame, which fits into a JavaScript string. Bytes. */
const MAX_FRAME = 2 ** 28;

/** Opens a WebSocket; rejects with a one-line error, or with the signal's reason. */
export function openWebSocket(address: NodeAddress, events: TransportEvents, signal: AbortSignal): Promise<Transport> {
  return openSocket(address, events, signal, (on) => {
    const { transport, host, port, path } = address;
    const place = host.includes(":") ? `[${host}]` : host;
    const socket = new WebSocket(`${transport}://${place}:${port}${path}`, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME,
    });
    socket.on("error", on.failed).on("close", on.closed);
    socket.on("upgrade", (response) => response.socket.setKeepAlive(true, KEEP_ALIVE_MS));
    socket.on("message", (data) => eachLine(data, events.line));
    socket.on("open", () =>
      on.opened({
        send: (line) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(line);
        },
        close: () => {
          socket.removeAllListeners("close").removeAllListeners("message");
          socket.terminate();
        },
      }),
    );
    return () => socket.terminate();
  });
}

/**
 * Calls `onLine` for each line of a frame. A frame is usually one line without an end, but may have several.
 */
function eachLine(data: RawData, onLine: (line: string) => void): void {
  const text = Array.isArray(data) ? Buffer.concat(data).toString() : Buffer.from(data as Buffer).toString();
  for (const line of text.split("\n")) if (line !== "" && line !== "\r") onLine(line.replace(/\r$/, ""));
}
