/** What the search for PVs needs to know of a protocol. */

import type { UdpAddress } from "../server/serverAddresses";

/** A PV that is searched; the server's answer contains the number. */
export interface WantedName {
  readonly id: number;
  readonly name: string;
}

/** A server has a PV. Without a host, it is the one that has sent the answer. */
export interface SearchAnswer {
  readonly id: number;
  readonly host: string | undefined;
  readonly port: number;
}

/** Gets an answer, with the address that it came from. */
export type OnAnswer = (answer: SearchAnswer, sender: string) => void;

/** A connection to a name server. */
export interface NameServerLink {
  ask(wanted: readonly WantedName[]): void;
  ref(): void;
  /** Lets the process end although there is a connection. */
  unref(): void;
  close(): void;
}

/** How PVs of one protocol are searched. */
export interface SearchProtocol {
  /** The variable that lists the addresses, for messages. */
  readonly addressVariable: string;
  /** The addresses that are asked by UDP. */
  addresses(): readonly UdpAddress[];
  /** The name servers, which are asked by TCP. */
  nameServers(): readonly UdpAddress[];
  /** The requests in as few datagrams as possible; answers are sent to `replyPort`. */
  datagrams(wanted: readonly WantedName[], to: UdpAddress, replyPort: number): Iterable<Buffer>;
  /** The answers in a datagram. May throw for data that is malformed. */
  answers(data: Buffer): readonly SearchAnswer[];
  /** Connects to a name server. `onClosed` is called when the connection ends without `close`. */
  connect(server: UdpAddress, onAnswer: OnAnswer, onClosed: () => void): NameServerLink;
}
