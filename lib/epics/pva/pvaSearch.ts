/** The search for PVs by pvAccess. */

import { isIPv4 } from "node:net";
import { datagramsOf } from "../search/datagrams";
import type { NameServerLink, OnAnswer, SearchAnswer, SearchProtocol, WantedName } from "../search/searchProtocol";
import {
  type AddressVariables,
  isBroadcast,
  nameServerAddresses,
  searchAddresses,
  type UdpAddress,
} from "../server/serverAddresses";
import { PvaConnection } from "./pvaConnection";
import { encodePvaMessage, PvaCommand, PvaMessageSplitter } from "./pvaMessage";
import { PvaReader } from "./pvaReader";
import type { PvaWriter } from "./pvaWriter";

/** The environment variables of pvAccess (source: pvxs documentation, "Environment variables"). */
export const PVA_ADDRESSES: AddressVariables = {
  list: "EPICS_PVA_ADDR_LIST",
  autoList: "EPICS_PVA_AUTO_ADDR_LIST",
  nameServers: "EPICS_PVA_NAME_SERVERS",
  searchPort: { variable: "EPICS_PVA_BROADCAST_PORT", standard: 5076 },
  serverPort: { variable: "EPICS_PVA_SERVER_PORT", standard: 5075 },
};

/** The bytes of a request without its names. */
const REQUEST_HEAD = 60;
/** The flag of a search for one machine: its servers pass it on to each other. */
const UNICAST = 0x80;
const ADDRESS_BYTES = 16;
const IPV4_OFFSET = 12;

/** How the search encodes its requests, and decodes the answers. */
export const PVA_SEARCH: SearchProtocol = {
  addressVariable: PVA_ADDRESSES.list,
  addresses: () => searchAddresses(PVA_ADDRESSES),
  nameServers: () => nameServerAddresses(PVA_ADDRESSES),
  datagrams,
  answers: (data) => {
    const answers: SearchAnswer[] = [];
    new PvaMessageSplitter().push(data, ({ command, control, bigEndian, payload }) => {
      if (control || command !== PvaCommand.searchResponse) return;
      answers.push(...answersIn(new PvaReader(payload, bigEndian)));
    });
    return answers;
  },
  connect: connectNameServer,
};

function connectNameServer(server: UdpAddress, onAnswer: OnAnswer, onClosed: () => void): NameServerLink {
  const connection = new PvaConnection(server, onClosed);
  const onMessage = (from: PvaReader, sender: string) => {
    for (const answer of answersIn(from)) onAnswer(answer, sender);
  };
  return {
    ask: (wanted) => connection.search((to) => writeSearch(to, wanted, 0, 0), onMessage),
    ref: () => connection.ref(),
    unref: () => connection.unref(),
    close: () => connection.close("the search is over"),
  };
}

function datagrams(wanted: readonly WantedName[], { host }: UdpAddress, replyPort: number): Iterable<Buffer> {
  const flags = isIPv4(host) && isBroadcast(host) ? 0 : UNICAST;
  return datagramsOf(wanted, {
    head: REQUEST_HEAD,
    sizeOf: ({ name }) => Buffer.byteLength(name) + 9,
    encode: (names) => encodePvaMessage(PvaCommand.search, false, (to) => writeSearch(to, names, flags, replyPort)),
  });
}

function writeSearch(to: PvaWriter, wanted: readonly WantedName[], flags: number, replyPort: number): void {
  to.u32(wanted[0]?.id ?? 0);
  to.u8(flags);
  to.raw(Buffer.alloc(3));
  // The address is empty (`::ffff:0.0.0.0`), so that the server answers the sender.
  const address = Buffer.alloc(ADDRESS_BYTES);
  address.fill(0xff, IPV4_OFFSET - 2, IPV4_OFFSET);
  to.raw(address);
  to.u16(replyPort);
  to.size(1);
  to.text("tcp");
  to.u16(wanted.length);
  for (const { id, name } of wanted) {
    to.u32(id);
    to.text(name);
  }
}

function answersIn(from: PvaReader): readonly SearchAnswer[] {
  // These bytes are the identity of the server and the number of the search.
  from.bytes(12 + 4);
  const host = hostIn(from.bytes(ADDRESS_BYTES));
  const port = from.u16();
  const protocol = from.text();
  const found = from.u8() !== 0;
  if (!found || protocol !== "tcp") return [];
  const count = from.u16();
  if (4 * count > from.remaining) throw new RangeError("an answer is shorter than its content");
  return Array.from({ length: count }, () => ({ id: from.u32(), host, port }));
}

/**
 * The address in an answer; undefined if it stands for the sender. IPv4 is sent as `::ffff:1.2.3.4`, and by
 * old servers as `::1.2.3.4`.
 */
function hostIn(address: Buffer): string | undefined {
  const ipv4 = address.subarray(IPV4_OFFSET);
  const isMapped = address.subarray(0, IPV4_OFFSET - 2).every((byte) => byte === 0);
  const isLoopback = address.readUInt32BE(IPV4_OFFSET) === 1 && address[IPV4_OFFSET - 1] === 0;
  if (isMapped && !isLoopback) return ipv4.every((byte) => byte === 0) ? undefined : ipv4.join(".");
  const groups = Array.from({ length: 8 }, (_, i) => address.readUInt16BE(2 * i).toString(16));
  return groups.join(":");
}
