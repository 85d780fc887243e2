/**
 * Finds the server of a PV: requests go to all addresses by UDP and to all name servers by TCP, repeatedly,
 * until a server answers.
 */

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { reportError } from "../../log";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION, namePayload } from "./caMessage";
import { NameServers } from "./nameServers";
import { nameServerAddresses, sameServer, searchAddresses, type UdpAddress } from "./serverAddresses";

/** Gets the address of the server that has the PV. */
export type OnFound = (server: UdpAddress) => void;

/** A PV that is being searched, with the pause after its next request and the time of that request. */
interface Wanted {
  readonly name: string;
  readonly found: OnFound;
  waitMs: number;
  nextMs: number;
}

/** A PV that was found, with its servers; more than one if others answered as well. */
interface Found {
  readonly name: string;
  readonly servers: UdpAddress[];
}

/** How long the answers of other servers are awaited after a PV was found. */
const LATE_ANSWERS_MS = 2000;
const FIRST_WAIT_MS = 50;
/**
 * The longest pause: we do not receive the beacons that announce a restarted server, so the search must not
 * slow down further.
 */
const LONGEST_WAIT_MS = 2000;
/** The largest datagram in bytes, which fits into an Ethernet frame. */
const DATAGRAM = 1400;
/** The address in an answer that stands for the sender of the answer. */
const SENDER = 0xffff_ffff;
/** The reply flag of a search (CA_DONTREPLY): servers without the PV do not answer. */
const NO_REPLY_IF_UNKNOWN = 5;

/** Searches for PVs through one UDP socket, open while any PV is being searched and a little longer. */
export class NameSearch {
  readonly #wanted = new Map<number, Wanted>();
  /** The PVs that were found lately, by the number of their search. */
  readonly #found = new Map<number, Found>();
  readonly #nameServers = new NameServers((message, host) => this.#answered(message, host));
  #closing: NodeJS.Timeout | undefined;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** The time of the next round of requests. */
  #roundMs = Number.POSITIVE_INFINITY;

  /**
   * Calls `found` once, with the server of the PV. `id` identifies the search; the first request is sent
   * after `delayMs`.
   */
  find(id: number, name: string, delayMs: number, found: OnFound): void {
    const nextMs = performance.now() + delayMs;
    clearTimeout(this.#closing);
    this.#found.delete(id);
    this.#wanted.set(id, { name, found, waitMs: FIRST_WAIT_MS, nextMs });
    this.#socket ??= this.#open();
    this.#socket.ref();
    if (nextMs >= this.#roundMs) return;
    this.#schedule(nextMs);
  }

  /** Ends a search; an unknown id is ignored. */
  forget(id: number): void {
    this.#found.delete(id);
    if (!this.#wanted.delete(id) || this.#wanted.size > 0) return;
    this.#schedule(Number.POSITIVE_INFINITY);
    // Neither the socket nor the timer keeps the process alive while only late answers are awaited.
    this.#socket?.unref();
    this.#nameServers.unref();
    this.#closing = setTimeout(() => this.#close(), LATE_ANSWERS_MS).unref();
  }

  #close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#found.clear();
    this.#nameServers.close();
  }

  #open(): Socket {
    const socket = createSocket("udp4");
    socket.on("message", (data, from) => this.#receive(data, from));
    // Ignore errors: a network that cannot be reached now may be available in the next round.
    socket.on("error", () => {});
    socket.bind(0, () => socket.setBroadcast(true));
    return socket;
  }

  #schedule(atMs: number): void {
    clearTimeout(this.#timer);
    this.#roundMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#round(), Math.max(atMs - performance.now(), 0));
  }

  #round(): void {
    const now = performance.now();
    const due: Buffer[][] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [id, wanted] of this.#wanted) {
      if (wanted.nextMs <= now) {
        due.push(request(id, wanted.name));
        wanted.nextMs = now + wanted.waitMs;
        wanted.waitMs = Math.min(2 * wanted.waitMs, LONGEST_WAIT_MS);
      }
      next = Math.min(next, wanted.nextMs);
    }
    const addresses = searchAddresses();
    for (const datagram of datagrams(due)) {
      for (const { host, port } of addresses) this.#socket?.send(datagram, port, host, () => {});
    }
    if (due.length > 0) this.#nameServers.ask(nameServerAddresses(), Buffer.concat(due.flat()));
    this.#schedule(next);
  }

  #receive(data: Buffer, from: RemoteInfo): void {
    const answers: CaMessage[] = [];
    try {
      new CaMessageSplitter().push(data, (message) => answers.push(message));
    } catch {
      // Ignore data that is not Channel Access: anyone may send to this port.
    }
    for (const answer of answers) this.#answered(answer, from.address);
  }

  /** Takes an answer of the server at `sender`, which may name another server. */
  #answered({ command, parameter1, parameter2: id, dataType: port }: CaMessage, sender: string): void {
    if (command !== CaCommand.search) return;
    const server = { host: parameter1 === SENDER || parameter1 === 0 ? sender : dotted(parameter1), port };
    const wanted = this.#wanted.get(id);
    if (!wanted) {
      this.#another(id, server);
      return;
    }
    this.forget(id);
    this.#found.set(id, { name: wanted.name, servers: [server] });
    wanted.found(server);
  }

  /** Reports that a PV has several servers: which of them is used depends on who answers first. */
  #another(id: number, server: UdpAddress): void {
    const found = this.#found.get(id);
    if (!found || found.servers.some((known) => sameServer(known, server))) return;
    found.servers.push(server);
    const [used, ...others] = found.servers.map(({ host, port }) => `${host}:${port}`);
    reportError(
      `several EPICS servers have ${found.name}`,
      `${used} is used, and not ${others.join(" or ")}: stop one of them, or name its addresses in EPICS_CA_ADDR_LIST`,
    );
  }
}

function request(id: number, name: string): Buffer[] {
  return encodeMessage(CaCommand.search, {
    dataType: NO_REPLY_IF_UNKNOWN,
    dataCount: MINOR_VERSION,
    parameter1: id,
    parameter2: id,
    payload: namePayload(name),
  });
}

/** Packs the requests into as few datagrams as possible; each begins with the version of the protocol. */
function* datagrams(requests: readonly Buffer[][]): Generator<Buffer> {
  const head = encodeMessage(CaCommand.version, { dataCount: MINOR_VERSION });
  let parts = [...head];
  let size = 0;
  for (const buffers of requests) {
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
