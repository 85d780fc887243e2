/** The channels of this process: one per PV, shared by all its signals, and one connection per server. */

import { SharedPool } from "../../core/signal/sharedPool";
import { NameSearch } from "../search/nameSearch";
import { CA_SEARCH } from "./caSearch";
import { Circuit } from "./circuit";
import { type ChannelContext, PvChannel } from "./pvChannel";

const channels = new SharedPool<PvChannel>((channel) => channel.release());
/** A circuit closes by itself, with its last channel or when its server is gone. */
const circuits = new Map<string, Circuit>();
let nextId = 0;

const context: ChannelContext = {
  search: new NameSearch(CA_SEARCH),
  circuitAt(server) {
    const key = `${server.host}:${server.port}`;
    let circuit = circuits.get(key);
    if (!circuit) {
      circuit = new Circuit(server, () => circuits.delete(key));
      circuits.set(key, circuit);
    }
    return circuit;
  },
};

/** The channel of a PV, with the function that releases it. */
export function acquireChannel(name: string): { readonly item: PvChannel; readonly release: () => void } {
  return channels.acquire(name, () => {
    nextId += 1;
    return new PvChannel(nextId, name, context);
  });
}
