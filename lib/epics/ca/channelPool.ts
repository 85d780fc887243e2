/** The channels of this process: one per PV, shared by all its signals, and one connection per server. */

import { Circuit } from "./circuit";
import { NameSearch } from "./nameSearch";
import { type ChannelContext, PvChannel } from "./pvChannel";

const channels = new Map<string, { readonly channel: PvChannel; users: number }>();
const circuits = new Map<string, Circuit>();
let nextId = 0;

const context: ChannelContext = {
  search: new NameSearch(),
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

/** The channel of a PV, to be released by `releaseChannel`. */
export function acquireChannel(name: string): PvChannel {
  let entry = channels.get(name);
  if (!entry) {
    nextId += 1;
    entry = { channel: new PvChannel(nextId, name, context), users: 0 };
    channels.set(name, entry);
  }
  entry.users += 1;
  return entry.channel;
}

/** Releases a channel; the release of its last user closes it. */
export function releaseChannel(channel: PvChannel): void {
  const entry = channels.get(channel.name);
  if (!entry) return;
  entry.users -= 1;
  if (entry.users > 0) return;
  channels.delete(channel.name);
  channel.release();
}
