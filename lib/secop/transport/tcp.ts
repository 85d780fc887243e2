// SECoP over TCP: lines in a byte stream.

import { connect } from "node:net";
import { LineSplitter } from "../lineSplitter";
import type { NodeAddress } from "../uri";
import { cannotConnect, socketReason, type Transport, type TransportEvents } from "./transport";

/** Opens a TCP connection; rejects with one clear line, or with the signal's reason. */
export function openTcp(address: NodeAddress, events: TransportEvents, signal: AbortSignal): Promise<Transport> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    const splitter = new LineSplitter((limit) => events.problem(`a line of more than ${limit} bytes was skipped`));
    let reason = "closed by the node";
    const abort = () => {
      socket.destroy();
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
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      resolve({
        send: (line) => {
          if (socket.writable) socket.write(`${line}\n`);
        },
        close: () => {
          socket.removeAllListeners("close").removeAllListeners("data");
          socket.destroy();
        },
      });
    });
    const onLine = events.line;
    socket.on("data", (chunk) => splitter.push(chunk, onLine));
  });
}
