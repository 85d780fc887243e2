/** The search for PVs by Channel Access. */

import { isIPv6 } from "node:net";
import { reportError } from "../../log";
import { MessageSocket } from "../../messageSocket";
import { datagramsOf } from "../search/datagrams";
import type { NameServerLink, OnAnswer, SearchAnswer, SearchProtocol, WantedName } from "../search/searchProtocol";
import {
  type AddressVariables,
  nameServerAddresses,
  searchAddresses,
  type UdpAddress,
} from "../server/serverAddresses";
import {
  CaCommand,
  type CaMessage,
  CaMessageSplitter,
  encodeMessage,
  MINOR_VERSION,
  messageLength,
  namePayload,
} from "./caMessage";

/** The environment variables of Channel Access (source: "CA reference manual", "Environment variables"). */
export const CA_ADDRESSES: AddressVariables = {
  list: "EPICS_CA_ADDR_LIST",
  autoList: "EPICS_CA_AUTO_ADDR_LIST",
  nameServers: "EPICS_CA_NAME_SERVERS",
  searchPort: { variable: "EPICS_CA_SERVER_PORT", standard: 5064 },
  serverPort: { variable: "EPICS_CA_SERVER_PORT", standard: 5064 },
};

/** The address in an answer that stands for the sender of the answer. */
const SENDER = 0xffff_ffff;
/** The reply flag of a search (CA_DONTREPLY): servers without the PV do not answer. */
const NO_REPLY_IF_UNKNOWN = 5;

/** The IPv6 addresses that were reported, so that each is reported only once and not in every search. */
const reported = new Set<string>();

/** The IPv4 addresses; others are reported, because the answers of Channel Access have no room for IPv6. */
function withIpv4(addresses: readonly UdpAddress[]): readonly UdpAddress[] {
  return addresses.filter(({ host }) => {
    if (!isIPv6(host)) return true;
    if (!reported.has(host))
      reportError(
        `Channel Access cannot use [${host}], which ${CA_ADDRESSES.list} names`,
        "it has no IPv6: give the IPv4 address, or use pvAccess (pva://NAME, EPICS_PVA_ADDR_LIST)",
      );
    reported.add(host);
    return false;
  });
}

/** The message that begins each datagram and each connection. */
const VERSION = Buffer.concat(encodeMessage(CaCommand.version, { dataCount: MINOR_VERSION }));

/** How the search encodes its requests, and decodes the answers. */
export const CA_SEARCH: SearchProtocol = {
  addressVariable: CA_ADDRESSES.list,
  addresses: () => withIpv4(searchAddresses(CA_ADDRESSES)),
  nameServers: () => nameServerAddresses(CA_ADDRESSES),
  datagrams: (wanted) =>
    datagramsOf(wanted, {
      head: VERSION.length,
      sizeOf: ({ name }) => messageLength(Buffer.byteLength(name) + 1),
      encode: (names) => Buffer.concat([VERSION, ...names.flatMap(request)]),
    }),
  answers: (data) => {
    const messages: CaMessage[] = [];
    try {
      new CaMessageSplitter().push(data, (message) => messages.push(message));
    } catch {
      // The messages before the malformed one count.
    }
    return messages.flatMap(answersIn);
  },
  connect: connectNameServer,
};

function connectNameServer(server: UdpAddress, onAnswer: OnAnswer, onClosed: () => void): NameServerLink {
  const socket = new MessageSocket<CaMessage>(server, {
    protocol: "Channel Access",
    splitter: new CaMessageSplitter(),
    onMessage: (message) => {
      for (const answer of answersIn(message)) onAnswer(answer, socket.remoteAddress);
    },
    onClosed,
  });
  socket.send(VERSION);
  return {
    ask: (wanted) => socket.send(Buffer.concat(wanted.flatMap(request))),
    ref: () => socket.ref(),
    unref: () => socket.unref(),
    close: () => socket.close("the search is over"),
  };
}

function answersIn({ command, parameter1, parameter2: id, dataType: port }: CaMessage): readonly SearchAnswer[] {
  if (command !== CaCommand.search) return [];
  return [{ id, host: parameter1 === SENDER || parameter1 === 0 ? undefined : dotted(parameter1), port }];
}

function request({ id, name }: WantedName): readonly Buffer[] {
  return encodeMessage(CaCommand.search, {
    dataType: NO_REPLY_IF_UNKNOWN,
    dataCount: MINOR_VERSION,
    parameter1: id,
    parameter2: id,
    payload: namePayload(name),
  });
}

const dotted = (ip: number): string => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 0xff).join(".");
