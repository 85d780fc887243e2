/** SECoP over TCP: lines in a byte stream. */

// We set TCP_NODELAY. What a node without it costs (40 ms, by Nagle's algorithm) is avoided in
// link/secopConnection.

import { connect } from "node:net";
import { LineSplitter } from "../lineSplitter";
import type { NodeAddress } from "../uri";
import { openSocket } from "./openSocket";
import { KEEP_ALIVE_MS, type Transport, type TransportEvents } from "./transport";

/** Opens a TCP connection; rejects with a one-line error, or with the signal's reason. */
export function openTcp(address: NodeAddress, events: TransportEvents, signal: AbortSignal): Promise<Transport> {
  return openSocket(address, events, signal, (on) => {
    const { host, port } = address;
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    const socket = connect({ host, port, noDelay: true, ...keepAlive });
    const splitter = new LineSplitter((limit) => events.problem(`a line of more than ${limit} bytes was skipped`));
    const onLine = events.line;
    socket.on("error", on.failed).on("close", on.closed);
    socket.on("data", (chunk) => splitter.push(chunk, onLine));
    socket.once("connect", () =>
      on.opened({
        send: (line) => {
          if (socket.writable) socket.write(`${line}\n`);
        },
        close: () => {
          socket.removeAllListeners("close").removeAllListeners("data");
          socket.destroy();
        },
      }),
    );
    return () => socket.destroy();
  });
}
