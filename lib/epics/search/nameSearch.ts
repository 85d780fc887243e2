/**
 * Finds the server of a PV: requests go to all addresses by UDP and to all name servers by TCP, repeatedly,
 * until a server answers.
 */

import { createSocket, type RemoteInfo, type Socket, type SocketType } from "node:dgram";
import { isIPv6 } from "node:net";
import { reportError } from "../../log";
import { sameServer, type UdpAddress } from "../server/serverAddresses";
import { NameServers } from "./nameServers";
import type { SearchAnswer, SearchProtocol, WantedName } from "./searchProtocol";

/** Called with the address of the server that has the PV. */
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
/** The pause after the first request. */
const FIRST_WAIT_MS = 50;
/**
 * The longest pause. We do not receive the beacons that announce a restarted server: another socket on their
 * port would take searches away from a server on this machine. So the search must not slow down further.
 */
const LONGEST_WAIT_MS = 2000;

/** Searches for PVs by UDP; its sockets are open while any PV is being searched and a little longer. */
export class NameSearch {
  readonly #protocol: SearchProtocol;
  readonly #wanted = new Map<number, Wanted>();
  /** The PVs that were found recently, by the number of their search. */
  readonly #found = new Map<number, Found>();
  readonly #nameServers: NameServers;
  #closing: NodeJS.Timeout | undefined;
  /** The sockets for the two versions of IP, made when an address of that version is asked. */
  readonly #sockets = new Map<SocketType, Socket>();
  #timer: NodeJS.Timeout | undefined;
  /** The time of the next round of requests. */
  #roundMs = Number.POSITIVE_INFINITY;

  constructor(protocol: SearchProtocol) {
    this.#protocol = protocol;
    this.#nameServers = new NameServers(protocol, (answer, sender) => this.#answered(answer, sender));
  }

  /**
   * Calls `found` once, with the server of the PV. `id` identifies the search; the first request is sent
   * after `delayMs`.
   */
  find(id: number, name: string, delayMs: number, found: OnFound): void {
    const nextMs = performance.now() + delayMs;
    clearTimeout(this.#closing);
    this.#found.delete(id);
    this.#wanted.set(id, { name, found, waitMs: FIRST_WAIT_MS, nextMs });
    for (const socket of this.#sockets.values()) socket.ref();
    if (nextMs >= this.#roundMs) return;
    this.#schedule(nextMs);
  }

  /** Ends a search; an unknown id is ignored. */
  forget(id: number): void {
    this.#found.delete(id);
    if (!this.#wanted.delete(id) || this.#wanted.size > 0) return;
    this.#schedule(Number.POSITIVE_INFINITY);
    // Neither the sockets nor the timer keep the process alive while only late answers are awaited.
    for (const socket of this.#sockets.values()) socket.unref();
    this.#nameServers.unref();
    this.#closing = setTimeout(() => this.#close(), LATE_ANSWERS_MS).unref();
  }

  #close(): void {
    for (const socket of this.#sockets.values()) socket.close();
    this.#sockets.clear();
    this.#found.clear();
    this.#nameServers.close();
  }

  /** The socket that reaches this host. */
  #socketTo(host: string): Socket {
    const version = isIPv6(host) ? "udp6" : "udp4";
    const known = this.#sockets.get(version);
    if (known) return known;
    const socket = createSocket(version);
    this.#sockets.set(version, socket);
    socket.on("message", (data, from) => this.#receive(data, from));
    // A network that cannot be used now may be available in the next round.
    socket.on("error", () => {
      if (this.#sockets.get(version) !== socket) return;
      this.#sockets.delete(version);
      socket.close();
    });
    socket.bind(0, () => version === "udp4" && socket.setBroadcast(true));
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
    const due: WantedName[] = [];
    let next = Number.POSITIVE_INFINITY;
    for (const [id, wanted] of this.#wanted) {
      if (wanted.nextMs <= now) {
        due.push({ id, name: wanted.name });
        wanted.nextMs = now + wanted.waitMs;
        wanted.waitMs = Math.min(2 * wanted.waitMs, LONGEST_WAIT_MS);
      }
      next = Math.min(next, wanted.nextMs);
    }
    if (due.length > 0) {
      this.#ask(due);
      this.#nameServers.ask(due);
    }
    this.#schedule(next);
  }

  #ask(due: readonly WantedName[]): void {
    for (const address of this.#protocol.addresses()) {
      const socket = this.#socketTo(address.host);
      const send = () => {
        for (const datagram of this.#protocol.datagrams(due, address, socket.address().port))
          socket.send(datagram, address.port, address.host, () => {});
      };
      try {
        send();
      } catch {
        // The port is not known yet, because the socket is still being bound.
        socket.once("listening", send);
      }
    }
  }

  #receive(data: Buffer, from: RemoteInfo): void {
    let answers: readonly SearchAnswer[] = [];
    try {
      answers = this.#protocol.answers(data);
    } catch {
      // Ignore data of other protocols: anyone may send to this port.
    }
    for (const answer of answers) this.#answered(answer, from.address);
  }

  /** Takes an answer of the server at `sender`, which may name another server. */
  #answered({ id, host, port }: SearchAnswer, sender: string): void {
    const server = { host: host ?? sender, port };
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
      `${used} is used, and not ${others.join(" or ")}: stop one of them, or name its addresses in ${this.#protocol.addressVariable}`,
    );
  }
}
