/** SECoP over TCP: lines in a byte stream. */

// We set TCP_NODELAY. A node that does not set it delays replies by 40 ms (Nagle's algorithm), which
// link/hasteningPings avoids.

import { connect } from "node:net";
import { LineSplitter } from "../lineSplitter";
import type { NodeAddress } from "../uri";
import { openSocket } from "./openSocket";
import { KEEP_ALIVE_MS, type Transport, type TransportEvents } from "./transport";

/**
 * The size in bytes of the buffer that a connection reuses for all data that arrive: allocating a new buffer
 * for each piece would cost as much as reading it.
 */
const READ_BUFFER = 0x1_0000;

/** Opens a TCP connection; rejects with a one-line error, or with the signal's reason. */
export function openTcp(address: NodeAddress, events: TransportEvents, signal: AbortSignal): Promise<Transport> {
  return openSocket(address, events, signal, (on) => {
    const { host, port } = address;
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const splitter = new LineSplitter((limit) => events.problem(`a line of more than ${limit} bytes was skipped`));
    const onLine = events.line;
    const callback = (count: number, bytes: Uint8Array) => {
      splitter.push(bytes.subarray(0, count), onLine);
      return true;
    };
    const onread = { buffer: new Uint8Array(READ_BUFFER), callback };
    const socket = connect({ host, port, noDelay: true, ...keepAlive, onread });
    socket.on("error", on.failed).on("close", on.closed);
    socket.once("connect", () =>
      on.opened({
        send: (line) => {
          if (socket.writable) socket.write(`${line}\n`);
        },
        close: () => {
          socket.removeAllListeners("close");
          socket.destroy();
        },
      }),
    );
    return () => socket.destroy();
  });
}
