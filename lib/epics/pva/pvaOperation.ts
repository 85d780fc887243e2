/** One operation on a channel: a request begins it, and one exchange after the other uses it. */

import { EpicsError } from "../epicsError";
import type { PvaConnection } from "./pvaConnection";
import { Phase } from "./pvaMessage";
import type { PvaReader } from "./pvaReader";
import { readStatus } from "./pvaStatus";
import type { PvaWriter } from "./pvaWriter";
import { type PvRequest, writeRequest } from "./pvRequest";

/** A channel that its server has created: the connection, and the number of the channel there. */
export interface CreatedChannel {
  readonly connection: PvaConnection;
  readonly serverId: number;
}

/** A message that waits for its answer. */
interface Exchange {
  readonly take: (from: PvaReader) => void;
  readonly fail: (error: EpicsError) => void;
}

/** Sends the messages of one operation, and matches the answers. */
export class PvaOperation {
  readonly #command: number;
  readonly #channel: CreatedChannel;
  /** Begins the messages of errors, for example "cannot read BL:T". */
  readonly #tried: string;
  readonly #id: number;
  #exchange: Exchange | undefined;
  #ended = false;

  constructor(command: number, channel: CreatedChannel, tried: string) {
    this.#command = command;
    this.#channel = channel;
    this.#tried = tried;
    this.#id = channel.connection.begin({
      receive: (_phase, from) => this.#received(from),
      lost: (reason) => this.#lost(reason),
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Begins the operation. `parse` reads the answer after its status. */
  init<T>(request: PvRequest, parse: (from: PvaReader) => T): Promise<T> {
    return this.ask(Phase.init, (to) => writeRequest(to, request), parse);
  }

  /**
   * Sends a message of the operation and resolves with what `parse` makes of the answer, which it reads
   * before the next message is read. Rejects with EpicsError if the server reports an error.
   */
  ask<T>(phase: number, write: (to: PvaWriter) => void, parse: (from: PvaReader) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (error: EpicsError) => reject(error);
      if (this.#ended) {
        fail(new EpicsError(`${this.#tried}: the connection is lost`));
        return;
      }
      this.#exchange = { take: (from) => resolve(parse(from)), fail };
      this.#channel.connection.send(this.#command, (to) => {
        to.u32(this.#channel.serverId);
        to.u32(this.#id);
        to.u8(phase);
        write(to);
      });
    });
  }

  /** Ends the operation, at the server as well. */
  end(reason = "it was given up"): void {
    if (this.#ended) return;
    this.#channel.connection.end(this.#id, this.#channel.serverId);
    this.#lost(reason);
  }

  #received(from: PvaReader): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    if (!exchange) return;
    const status = readStatus(from);
    if (status.failed) exchange.fail(new EpicsError(`${this.#tried}: ${status.message}`));
    else this.#take(exchange, from);
  }

  /** An answer that cannot be read ends the connection, and fails the exchange with the reason. */
  #take({ take, fail }: Exchange, from: PvaReader): void {
    try {
      take(from);
    } catch (error) {
      fail(new EpicsError(`${this.#tried}: the answer does not follow pvAccess`, { cause: error }));
      throw error;
    }
  }

  #lost(reason: string): void {
    this.#ended = true;
    this.#exchange?.fail(new EpicsError(`${this.#tried}: ${reason}`));
    this.#exchange = undefined;
  }
}
