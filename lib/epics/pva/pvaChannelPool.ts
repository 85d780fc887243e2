/**
 * The pvAccess channels of this process: one per PV, shared by all its signals, and one connection per
 * server.
 */

import { SharedPool } from "../../core/signal/sharedPool";
import { NameSearch } from "../search/nameSearch";
import { PvaChannel, type PvaContext } from "./pvaChannel";
import { PvaConnection } from "./pvaConnection";
import { PVA_SEARCH } from "./pvaSearch";

const channels = new SharedPool<PvaChannel>((channel) => channel.release());
/** A connection closes by itself, with its last channel or when its server is gone. */
const connections = new Map<string, PvaConnection>();
let nextId = 0;

const context: PvaContext = {
  search: new NameSearch(PVA_SEARCH),
  connectionTo(server) {
    const key = `${server.host}:${server.port}`;
    let connection = connections.get(key);
    if (!connection) {
      connection = new PvaConnection(server, () => connections.delete(key));
      connections.set(key, connection);
    }
    return connection;
  },
};

/** The channel of a PV, with the function that releases it. */
export function acquirePvaChannel(name: string): { readonly item: PvaChannel; readonly release: () => void } {
  return channels.acquire(name, () => {
    nextId += 1;
    return new PvaChannel(nextId, name, context);
  });
}
