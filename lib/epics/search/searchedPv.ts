/** A PV that is found by its name, and searched again after it was lost. */

import type { LostConnection } from "../../core/protocols/lostConnection";
import type { DeadlineOptions } from "../../core/status/deadline";
import { EpicsError } from "../epicsError";
import type { UdpAddress } from "../server/serverAddresses";
import type { ServerChannel } from "../server/serverConnection";
import type { NameSearch } from "./nameSearch";
import { PvAvailability } from "./pvAvailability";

/** The search and the connections that all PVs of a protocol share. */
export interface PvContext<S> {
  readonly search: NameSearch;
  /** The variable that lists the addresses of servers, for messages. */
  readonly addressVariable: string;
  /** The connection to a server, which is made if there is none. */
  serverAt(address: UdpAddress): S;
}

/** The part of the connection to a server that a PV uses. */
interface PvServer {
  attach(channel: ServerChannel): void;
}

/**
 * The pause before a lost PV is searched again, for servers that answer searches but accept no connection.
 */
const SEARCH_AGAIN_MS = 200;

/** The base of the channels of both protocols. */
export abstract class SearchedPv<S extends PvServer> implements ServerChannel {
  readonly id: number;
  readonly name: string;
  protected readonly availability: PvAvailability;
  /** The connection to the server that has the PV, once it is found. */
  protected server: S | undefined;
  readonly #context: PvContext<S>;
  #released = false;

  constructor(id: number, name: string, context: PvContext<S>) {
    this.id = id;
    this.name = name;
    this.#context = context;
    this.availability = new PvAvailability(name, context.addressVariable);
    this.#search(0);
  }

  /**
   * Resolves when the PV can be used. Rejects if its server refuses it, after `timeout` seconds, and when the
   * signal aborts.
   */
  connected(options: DeadlineOptions): Promise<void> {
    return this.availability.wait(options);
  }

  /** The connection, while it is lost: it was open, and the PV is being searched again. */
  get lostConnection(): LostConnection | undefined {
    return this.availability.lostConnection;
  }

  /** The error of a request while there is no connection; it says why the connection was lost. */
  protected get notConnected(): EpicsError {
    const { lostConnection: lost } = this;
    return new EpicsError(`${this.name} is not connected${lost ? `: ${lost.reason}` : ""}`);
  }

  /** Closes the channel for good. */
  release(): void {
    this.#released = true;
    this.#context.search.forget(this.id);
    this.availability.end();
    this.close();
    this.server = undefined;
  }

  lost(reason: string): void {
    this.server = undefined;
    this.availability.lose(reason);
    this.disconnected(reason);
    // The subscribers may have released the channel.
    if (!this.#released) this.#search(SEARCH_AGAIN_MS);
  }

  /** Gives the channel back to its server, if it has one, and forgets the subscribers. */
  protected abstract close(): void;
  /** Reports to the subscribers that the PV is lost. */
  protected abstract disconnected(reason: string): void;

  #search(delayMs: number): void {
    this.#context.search.find(this.id, this.name, delayMs, (address) => {
      this.server = this.#context.serverAt(address);
      this.server.attach(this);
    });
  }
}
