/** How PVs are searched by Channel Access. */

import { connect } from "node:net";
import type { NameServerLink, OnAnswer, SearchAnswer, SearchProtocol, WantedName } from "../search/searchProtocol";
import {
  type AddressVariables,
  nameServerAddresses,
  searchAddresses,
  type UdpAddress,
} from "../search/serverAddresses";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION, namePayload } from "./caMessage";

/** Source: "CA reference manual", section "Environment variables". */
export const CA_ADDRESSES: AddressVariables = {
  list: "EPICS_CA_ADDR_LIST",
  autoList: "EPICS_CA_AUTO_ADDR_LIST",
  nameServers: "EPICS_CA_NAME_SERVERS",
  searchPort: { variable: "EPICS_CA_SERVER_PORT", standard: 5064 },
  serverPort: { variable: "EPICS_CA_SERVER_PORT", standard: 5064 },
};

/** The largest datagram in bytes, which fits into an Ethernet frame. */
const DATAGRAM = 1400;
/** The address in an answer that stands for the sender of the answer. */
const SENDER = 0xffff_ffff;
/** The reply flag of a search (CA_DONTREPLY): servers without the PV do not answer. */
const NO_REPLY_IF_UNKNOWN = 5;

export const CA_SEARCH: SearchProtocol = {
  addressVariable: CA_ADDRESSES.list,
  addresses: () => searchAddresses(CA_ADDRESSES),
  nameServers: () => nameServerAddresses(CA_ADDRESSES),
  datagrams: (wanted) => datagrams(wanted),
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

function connectNameServer({ host, port }: UdpAddress, onAnswer: OnAnswer, onClosed: () => void): NameServerLink {
  const socket = connect({ host, port, noDelay: true });
  const close = () => {
    socket.destroy();
    onClosed();
  };
  const splitter = new CaMessageSplitter();
  socket.on("error", close).on("close", onClosed);
  socket.on("data", (chunk) => {
    try {
      splitter.push(chunk, (message) => {
        for (const answer of answersIn(message)) onAnswer(answer, socket.remoteAddress ?? host);
      });
    } catch {
      // What this server sends is not Channel Access.
      close();
    }
  });
  for (const part of encodeMessage(CaCommand.version, { dataCount: MINOR_VERSION })) socket.write(part);
  return {
    ask: (wanted) => void socket.write(Buffer.concat(wanted.flatMap(request))),
    ref: () => void socket.ref(),
    unref: () => void socket.unref(),
    close: () => void socket.destroy(),
  };
}

function answersIn({ command, parameter1, parameter2: id, dataType: port }: CaMessage): readonly SearchAnswer[] {
  if (command !== CaCommand.search) return [];
  return [{ id, host: parameter1 === SENDER || parameter1 === 0 ? undefined : dotted(parameter1), port }];
}

function request({ id, name }: WantedName): Buffer[] {
  return encodeMessage(CaCommand.search, {
    dataType: NO_REPLY_IF_UNKNOWN,
    dataCount: MINOR_VERSION,
    parameter1: id,
    parameter2: id,
    payload: namePayload(name),
  });
}

/** Packs the requests into as few datagrams as possible; each begins with the version of the protocol. */
function* datagrams(wanted: readonly WantedName[]): Generator<Buffer> {
  const head = encodeMessage(CaCommand.version, { dataCount: MINOR_VERSION });
  let parts = [...head];
  let size = 0;
  for (const buffers of wanted.map(request)) {
    const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    if (size > 0 && size + length > DATAGRAM) {
      yield Buffer.concat(parts);
      parts = [...head];
      size = 0;
    }
    parts.push(...buffers);
    size += length;
  }
  if (size > 0) yield Buffer.concat(parts);
}

const dotted = (ip: number): string => [24, 16, 8, 0].map((shift) => (ip >>> shift) & 0xff).join(".");
