/** Finds the server of a PV by UDP: requests go to all addresses, repeatedly, until a server answers. */

import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION, namePayload } from "./caMessage";
import { searchAddresses, type UdpAddress } from "./serverAddresses";

/** Gets the address of the server that has the PV. */
export type OnFound = (server: UdpAddress) => void;

/** A PV that is being searched, with the pause after its next request and the time of that request. */
interface Wanted {
  readonly name: string;
  readonly found: OnFound;
  waitMs: number;
  nextMs: number;
}

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

/** Searches for PVs through one UDP socket, which is open while any PV is being searched. */
export class NameSearch {
  readonly #wanted = new Map<number, Wanted>();
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
    this.#wanted.set(id, { name, found, waitMs: FIRST_WAIT_MS, nextMs });
    this.#socket ??= this.#open();
    if (nextMs >= this.#roundMs) return;
    this.#schedule(nextMs);
  }

  /** Ends a search; an unknown id is ignored. */
  forget(id: number): void {
    this.#wanted.delete(id);
    if (this.#wanted.size > 0) return;
    this.#schedule(Number.POSITIVE_INFINITY);
    this.#socket?.close();
    this.#socket = undefined;
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
    this.#schedule(next);
  }

  #receive(data: Buffer, from: RemoteInfo): void {
    const answers: CaMessage[] = [];
    try {
      new CaMessageSplitter().push(data, (message) => answers.push(message));
    } catch {
      // Ignore data that is not Channel Access: anyone may send to this port.
    }
    for (const { command, parameter1, parameter2, dataType } of answers) {
      if (command !== CaCommand.search) continue;
      const wanted = this.#wanted.get(parameter2);
      if (!wanted) continue;
      this.forget(parameter2);
      wanted.found({
        host: parameter1 === SENDER || parameter1 === 0 ? from.address : dotted(parameter1),
        port: dataType,
      });
    }
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
