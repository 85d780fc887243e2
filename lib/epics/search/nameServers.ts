/** The name servers that are asked for PVs by TCP: gateways, or servers that datagrams do not reach. */

import type { NameServerLink, OnAnswer, SearchProtocol, WantedName } from "./searchProtocol";

/** Keeps a connection to each name server, for as long as PVs are searched. */
export class NameServers {
  readonly #protocol: SearchProtocol;
  readonly #links = new Map<string, NameServerLink>();
  readonly #onAnswer: OnAnswer;

  constructor(protocol: SearchProtocol, onAnswer: OnAnswer) {
    this.#protocol = protocol;
    this.#onAnswer = onAnswer;
  }

  /** Asks all servers. One that cannot be reached is tried again at the next call. */
  ask(wanted: readonly WantedName[]): void {
    for (const server of this.#protocol.nameServers()) {
      const key = `${server.host}:${server.port}`;
      let link = this.#links.get(key);
      if (!link) {
        const made = this.#protocol.connect(server, this.#onAnswer, () => {
          if (this.#links.get(key) === made) this.#links.delete(key);
        });
        this.#links.set(key, made);
        link = made;
      }
      link.ref();
      link.ask(wanted);
    }
  }

  /** Lets the process end although there are connections. */
  unref(): void {
    for (const link of this.#links.values()) link.unref();
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }
}
