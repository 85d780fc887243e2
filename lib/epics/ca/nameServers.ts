/** The name servers that are asked for PVs by TCP: gateways, or servers that datagrams do not reach. */

import { connect, type Socket } from "node:net";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION } from "./caMessage";
import type { UdpAddress } from "./serverAddresses";

/** Gets an answer, with the address of the name server that sent it. */
type OnAnswer = (message: CaMessage, host: string) => void;

/** Keeps a connection to each name server, for as long as PVs are searched. */
export class NameServers {
  readonly #sockets = new Map<string, Socket>();
  readonly #onAnswer: OnAnswer;

  constructor(onAnswer: OnAnswer) {
    this.#onAnswer = onAnswer;
  }

  /** Sends the requests to all servers. One that cannot be reached is tried again at the next call. */
  ask(servers: readonly UdpAddress[], requests: Buffer): void {
    for (const server of servers) this.#socketTo(server).write(requests);
  }

  /** Lets the process end although there are connections. */
  unref(): void {
    for (const socket of this.#sockets.values()) socket.unref();
  }

  close(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
    this.#sockets.clear();
  }

  #socketTo({ host, port }: UdpAddress): Socket {
    const key = `${host}:${port}`;
    const known = this.#sockets.get(key);
    if (known) {
      known.ref();
      return known;
    }
    const socket = connect({ host, port, noDelay: true });
    this.#sockets.set(key, socket);
    const forget = () => {
      socket.destroy();
      if (this.#sockets.get(key) === socket) this.#sockets.delete(key);
    };
    const splitter = new CaMessageSplitter();
    socket.on("error", forget).on("close", forget);
    socket.on("data", (chunk) => {
      try {
        splitter.push(chunk, (message) => this.#onAnswer(message, socket.remoteAddress ?? host));
      } catch {
        // What this server sends is not Channel Access.
        forget();
      }
    });
    socket.write(encodeMessage(CaCommand.version, { dataCount: MINOR_VERSION })[0] ?? Buffer.alloc(0));
    return socket;
  }
}
