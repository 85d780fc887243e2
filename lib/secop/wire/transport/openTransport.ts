/**
 * Opens the connection to a node, by TCP or WebSocket, or in the way with which a recording or a replay
 * replaces them.
 */

import type { NodeAddress } from "../uri";
import { openTcp } from "./tcp";
import type { Transport, TransportEvents } from "./transport";
import { openWebSocket } from "./webSocket";

/** Opens a connection; rejects with a one-line error, or with the signal's reason. */
export type OpenTransport = (address: NodeAddress, events: TransportEvents, signal: AbortSignal) => Promise<Transport>;

/** Opens a connection over the network. */
const openNetwork: OpenTransport = (address, events, signal) =>
  (address.transport === "tcp" ? openTcp : openWebSocket)(address, events, signal);

/** An open connection, which a recording that begins later may have to renew. */
interface OpenConnection {
  readonly address: string;
  /** Ends the connection as if the node had. */
  end(reason: string): void;
}

// A workspace may load its own copy of this package: all copies open connections in the same way.
const KEY: unique symbol = Symbol.for("secop-lab.transport") as never;
type Shared = { current: OpenTransport; readonly connections: Set<OpenConnection> };
type Global = { [KEY]?: Shared };
(globalThis as Global)[KEY] ??= { current: openNetwork, connections: new Set() };
const shared = (globalThis as Global)[KEY] as Shared;

/** Opens a connection to a node in the way that is in use. */
export const openTransport: OpenTransport = async (address, events, signal) => {
  let transport: Transport | undefined;
  const forget = () => shared.connections.delete(connection);
  const closed = (reason: string) => {
    forget();
    events.closed(reason);
  };
  const connection: OpenConnection = {
    address: address.text,
    end: (reason) => {
      transport?.close();
      closed(reason);
    },
  };
  transport = await shared.current(address, { line: events.line, problem: events.problem, closed }, signal);
  const { send, close } = transport;
  shared.connections.add(connection);
  return {
    send,
    close: () => {
      forget();
      close();
    },
  };
};

/** Opens connections with the result of `wrap` from now on. @returns a function that undoes this */
export function useTransport(wrap: (open: OpenTransport) => OpenTransport): () => void {
  const before = shared.current;
  const wrapped = wrap(before);
  shared.current = wrapped;
  return () => {
    if (shared.current === wrapped) shared.current = before;
  };
}

/** The reason of a connection that a recording ended. Its client connects again without a pause. */
export const RENEWED = "it connects again, so that the recording begins with its description";

/**
 * Ends the connections to wanted nodes as if the nodes had, the latest first: clients connect again.
 *
 * @param isWanted whether a node is to connect again, by its address; default: all nodes
 * @returns the addresses of the nodes, each once
 */
export function renewConnections(isWanted: (address: string) => boolean = () => true): string[] {
  const all = [...shared.connections].reverse().filter(({ address }) => isWanted(address));
  for (const connection of all) connection.end(RENEWED);
  return [...new Set(all.map(({ address }) => address))];
}
