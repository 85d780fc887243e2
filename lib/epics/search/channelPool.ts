/** The PVs of one protocol in this process: one channel per name, and one connection per server. */

import { SharedPool } from "../../core/signal/sharedPool";
import type { UdpAddress } from "../server/serverAddresses";
import { NameSearch } from "./nameSearch";
import type { PvContext } from "./searchedPv";
import type { SearchProtocol } from "./searchProtocol";

/** Gives the channel of a PV, shared by all its users, with the function that releases it. */
export type AcquireChannel<C> = (name: string) => { readonly item: C; readonly release: () => void };

/**
 * Makes the pool of a protocol. `connect` makes a connection, which calls `onClosed` when it has ended: with
 * its last channel, or when its server is gone.
 */
export function channelPool<C extends { release(): void }, S>(
  protocol: SearchProtocol,
  connect: (address: UdpAddress, onClosed: () => void) => S,
  make: (id: number, name: string, context: PvContext<S>) => C,
): AcquireChannel<C> {
  const channels = new SharedPool<C>((channel) => channel.release());
  const servers = new Map<string, S>();
  let lastId = 0;
  const context: PvContext<S> = {
    search: new NameSearch(protocol),
    addressVariable: protocol.addressVariable,
    serverAt(address) {
      const key = `${address.host}:${address.port}`;
      const server = servers.get(key) ?? connect(address, () => servers.delete(key));
      servers.set(key, server);
      return server;
    },
  };
  return (name) =>
    channels.acquire(name, () => {
      lastId += 1;
      return make(lastId, name, context);
    });
}
