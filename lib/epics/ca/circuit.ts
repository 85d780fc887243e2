/** A "virtual circuit" of Channel Access: the TCP connection to one server, shared by all its channels. */

import { hostname } from "node:os";
import { EpicsError } from "../epicsError";
import type { UdpAddress } from "../server/serverAddresses";
import { type ServerChannel, ServerConnection, userName } from "../server/serverConnection";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION, namePayload } from "./caMessage";
import { caStatusText, NORMAL } from "./caStatus";

/** A channel, as its circuit uses it. */
export interface CircuitChannel extends ServerChannel {
  /** Called when the server has the channel: its number there, native type and largest number of elements. */
  opened(serverId: number, fieldType: number, count: number): void;
  /** Called when the server has reported or changed the access rights. */
  allowed(rights: { readonly read: boolean; readonly write: boolean }): void;
}

/** A request that waits for its answer. */
interface Pending {
  readonly resolve: (message: CaMessage) => void;
  readonly reject: (error: Error) => void;
}

/** Receives the events of a subscription, or the reason why the server has no value. */
export interface EventListener {
  onEvent(message: CaMessage): void;
  onRefused(reason: string): void;
}

type Fields = Partial<Omit<CaMessage, "command">>;

/** Seconds without data, not even the answer to an echo, after which the server counts as gone. */
const SILENCE = 20;
/** How many writes without an answer are remembered, because the server may still refuse them. */
const MAX_POSTED = 256;
/** The bytes of the request's header at the beginning of an error report. */
const ERROR_HEADER = 16;

/** Matches answers to requests, and passes events and losses to the channels. */
export class Circuit extends ServerConnection<CircuitChannel, CaMessage> {
  readonly #requests = new Map<number, Pending>();
  /** Writes without an answer, by their number: the server reports them only if it refuses them. */
  readonly #posted = new Map<number, (reason: string) => void>();
  readonly #events = new Map<number, EventListener>();
  #nextId = 1;

  /** Connects at once; `onClosed` is called when the last channel has detached or the connection is lost. */
  constructor(address: UdpAddress, onClosed: () => void) {
    super(address, { name: "Channel Access", splitter: new CaMessageSplitter(), silence: SILENCE }, onClosed);
    this.send(CaCommand.version, { dataCount: MINOR_VERSION });
    this.send(CaCommand.clientName, { payload: namePayload(userName()) });
    this.send(CaCommand.hostName, { payload: namePayload(hostname()) });
  }

  /** Sends a message; those of one turn of the event loop are sent together. */
  send(command: number, fields: Fields): void {
    for (const part of encodeMessage(command, fields)) this.socket.send(part);
  }

  /** Sends a request that the server answers only to refuse it; `onRefused` is called with the reason. */
  post(command: number, fields: Fields, onRefused: (reason: string) => void): void {
    const id = this.#newId();
    for (const oldest of this.#posted.keys()) {
      if (this.#posted.size < MAX_POSTED) break;
      this.#posted.delete(oldest);
    }
    this.#posted.set(id, onRefused);
    this.send(command, { ...fields, parameter2: id });
  }

  /**
   * Sends a request and resolves with its answer. Rejects with an error that begins with `what` if the server
   * refuses the request or the connection is lost, and with the reason of `signal` when it aborts. Nothing is
   * sent if it has aborted already.
   */
  request(command: number, fields: Fields, what: string, signal?: AbortSignal): Promise<CaMessage> {
    if (this.socket.closed) return Promise.reject(new EpicsError(`${what}: the connection is lost`));
    if (signal?.aborted) return Promise.reject(signal.reason);
    const id = this.#newId();
    this.send(command, { ...fields, parameter2: id });
    return new Promise((resolve, reject) => {
      const forget = () => {
        this.#requests.delete(id);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", forget, { once: true });
      const fail = (reason: string) => reject(new EpicsError(`${what}: ${reason}`));
      this.#requests.set(id, {
        resolve: (message) =>
          message.parameter1 === NORMAL ? resolve(message) : fail(caStatusText(message.parameter1)),
        reject: (error) => fail(error.message),
      });
    });
  }

  /** Subscribes: calls the listener at every event until the returned function is called. */
  subscribe(fields: Fields, listener: EventListener): () => void {
    const id = this.#newId();
    this.#events.set(id, listener);
    this.send(CaCommand.eventAdd, { ...fields, parameter2: id });
    const { dataType = 0, dataCount = 0, parameter1 = 0 } = fields;
    return () => {
      if (this.#events.delete(id))
        this.send(CaCommand.eventCancel, { dataType, dataCount, parameter1, parameter2: id });
    };
  }

  #newId(): number {
    this.#nextId = (this.#nextId + 1) >>> 0;
    return this.#nextId;
  }

  protected create(channel: CircuitChannel): void {
    this.send(CaCommand.createChannel, {
      parameter1: channel.id,
      parameter2: MINOR_VERSION,
      payload: namePayload(channel.name),
    });
  }

  protected clear(channel: CircuitChannel, serverId: number): void {
    this.send(CaCommand.clearChannel, { parameter1: serverId, parameter2: channel.id });
  }

  protected echo(): void {
    this.send(CaCommand.echo, {});
  }

  protected fail(message: string): void {
    for (const pending of this.#requests.values()) pending.reject(new Error(message));
    this.#requests.clear();
    this.#posted.clear();
    this.#events.clear();
  }

  protected receive(message: CaMessage): void {
    const { command, parameter1, parameter2 } = message;
    if (command === CaCommand.eventAdd) {
      this.#event(message);
    } else if (command === CaCommand.readNotify || command === CaCommand.writeNotify) {
      this.#take(parameter2)?.resolve(message);
    } else if (command === CaCommand.createChannel) {
      this.channels.get(parameter1)?.opened(parameter2, message.dataType, message.dataCount);
    } else if (command === CaCommand.accessRights) {
      this.channels.get(parameter1)?.allowed({ read: (parameter2 & 1) !== 0, write: (parameter2 & 2) !== 0 });
    } else if (command === CaCommand.createChannelFailed || command === CaCommand.serverDisconnected) {
      this.forget(parameter1);
    } else if (command === CaCommand.error) {
      this.#refused(message);
    }
  }

  /**
   * An event whose status is an error has zeros instead of a value: the server can no longer read the
   * PV, or the user has lost the right to. The answer to the end of a subscription has no payload.
   */
  #event(message: CaMessage): void {
    const { parameter1: status, parameter2: id, payload } = message;
    if (status !== NORMAL && status !== 0) this.#events.get(id)?.onRefused(caStatusText(status));
    else if (payload.length > 0) this.#events.get(id)?.onEvent(message);
  }

  /** An error report contains the header of the request that it refuses, and may contain an explanation. */
  #refused({ payload, parameter2 }: CaMessage): void {
    if (payload.length < ERROR_HEADER) return;
    const explanation = payload.toString("utf8", ERROR_HEADER).replace(/\0.*$/s, "").replace(/\s+/g, " ").trim();
    const status = caStatusText(parameter2);
    const reason = explanation ? `${status} (${explanation})` : status;
    const id = payload.readUInt32BE(12);
    this.#take(id)?.reject(new Error(reason));
    this.#events.get(id)?.onRefused(reason);
    this.#posted.get(id)?.(reason);
    this.#posted.delete(id);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#requests.get(id);
    this.#requests.delete(id);
    return pending;
  }
}
