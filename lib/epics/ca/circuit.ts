/** A "virtual circuit" of Channel Access: the TCP connection to one server, shared by all its channels. */

import { connect, type Socket } from "node:net";
import { hostname, userInfo } from "node:os";
import { errorText } from "../../errors";
import { EpicsError } from "../epicsError";
import type { UdpAddress } from "../search/serverAddresses";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION, namePayload } from "./caMessage";
import { caStatusText, NORMAL } from "./caStatus";

/** What a circuit needs of a channel. */
export interface CircuitChannel {
  readonly id: number;
  readonly name: string;
  /** The server has the channel: its number there, its native type and its largest number of elements. */
  opened(serverId: number, fieldType: number, count: number): void;
  /** The server has reported or changed the access rights. */
  allowed(rights: { readonly read: boolean; readonly write: boolean }): void;
  /** The server does not have the channel any more, or the connection is lost. */
  lost(reason: string): void;
}

interface Pending {
  readonly resolve: (message: CaMessage) => void;
  readonly reject: (error: Error) => void;
}

/** Gets the events of a subscription, and why the server has no value to send. */
export interface EventListener {
  onEvent(message: CaMessage): void;
  onRefused(reason: string): void;
}

type Fields = Partial<Omit<CaMessage, "command">>;

/** Seconds without data from the server until an echo is requested. */
const QUIET = 15;
/** Seconds for the server to answer the echo. */
const ANSWER = 5;
/** How many writes without an answer are remembered, because the server may still refuse them. */
const MAX_POSTED = 256;
/** The bytes of the request's header at the beginning of an error report. */
const ERROR_HEADER = 16;

/** Matches answers to requests, and passes events and losses to the channels. */
export class Circuit {
  readonly #address: UdpAddress;
  readonly #onClosed: () => void;
  readonly #socket: Socket;
  readonly #channels = new Map<number, CircuitChannel>();
  readonly #requests = new Map<number, Pending>();
  /** Writes without an answer, by their number: the server reports them only if it refuses them. */
  readonly #posted = new Map<number, (reason: string) => void>();
  readonly #events = new Map<number, EventListener>();
  readonly #watchdog: NodeJS.Timeout;
  #nextId = 1;
  #heardMs = performance.now();
  #corked = false;
  #closed = false;

  /** Connects at once; `onClosed` is called when the last channel has detached or the connection is lost. */
  constructor(address: UdpAddress, onClosed: () => void) {
    this.#address = address;
    this.#onClosed = onClosed;
    const splitter = new CaMessageSplitter();
    const onMessage = (message: CaMessage) => this.#receive(message);
    this.#socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true });
    this.#socket.on("data", (chunk) => {
      this.#heardMs = performance.now();
      try {
        splitter.push(chunk, onMessage);
      } catch (error) {
        this.#close(`the server sent data that is not Channel Access (${errorText(error)})`);
      }
    });
    this.#socket.on("error", (error) => this.#close(error.message));
    this.#socket.on("close", () => this.#close("the server closed the connection"));
    this.#watchdog = setInterval(() => this.#watch(), 1000 * ANSWER);
    this.send(CaCommand.version, { dataCount: MINOR_VERSION });
    this.send(CaCommand.clientName, { payload: namePayload(userName()) });
    this.send(CaCommand.hostName, { payload: namePayload(hostname()) });
  }

  /** Asks the server for a channel. */
  attach(channel: CircuitChannel): void {
    this.#channels.set(channel.id, channel);
    this.send(CaCommand.createChannel, {
      parameter1: channel.id,
      parameter2: MINOR_VERSION,
      payload: namePayload(channel.name),
    });
  }

  /** Gives up a channel; without channels the connection closes. */
  detach(channel: CircuitChannel, serverId: number | undefined): void {
    if (!this.#channels.delete(channel.id)) return;
    if (serverId !== undefined) this.send(CaCommand.clearChannel, { parameter1: serverId, parameter2: channel.id });
    if (this.#channels.size === 0)
      queueMicrotask(() => this.#channels.size === 0 && this.#close("its last channel was released"));
  }

  /** Sends a message; those of one turn of the event loop are sent together. */
  send(command: number, fields: Fields): void {
    if (this.#closed) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      queueMicrotask(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    for (const part of encodeMessage(command, fields)) this.#socket.write(part);
  }

  /** Sends a request that the server answers only to refuse it; `onRefused` gets the reason. */
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
   * refuses the request or the connection is lost, and with the reason of `signal` when it aborts.
   */
  request(command: number, fields: Fields, what: string, signal?: AbortSignal): Promise<CaMessage> {
    if (this.#closed) return Promise.reject(new EpicsError(`${what}: the connection is lost`));
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

  #receive(message: CaMessage): void {
    const { command, parameter1, parameter2 } = message;
    if (command === CaCommand.eventAdd) {
      this.#event(message);
    } else if (command === CaCommand.readNotify || command === CaCommand.writeNotify) {
      this.#take(parameter2)?.resolve(message);
    } else if (command === CaCommand.createChannel) {
      this.#channels.get(parameter1)?.opened(parameter2, message.dataType, message.dataCount);
    } else if (command === CaCommand.accessRights) {
      this.#channels.get(parameter1)?.allowed({ read: (parameter2 & 1) !== 0, write: (parameter2 & 2) !== 0 });
    } else if (command === CaCommand.createChannelFailed || command === CaCommand.serverDisconnected) {
      const channel = this.#channels.get(parameter1);
      this.#channels.delete(parameter1);
      channel?.lost("the server no longer has it");
    } else if (command === CaCommand.error) {
      this.#refused(message);
    }
  }

  /**
   * An event whose status is an error has zeros in the place of a value: the server may not read the PV any
   * more, or the user lost the right to. The answer to the end of a subscription has no payload.
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

  #watch(): void {
    const quiet = (performance.now() - this.#heardMs) / 1000;
    if (quiet > QUIET + ANSWER) this.#close(`the server has been silent for ${Math.round(quiet)} s`);
    else if (quiet > QUIET) this.send(CaCommand.echo, {});
  }

  #close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watchdog);
    this.#socket.destroy();
    this.#onClosed();
    const { host, port } = this.#address;
    const message = `the connection to ${host}:${port} is lost: ${reason}`;
    for (const pending of this.#requests.values()) pending.reject(new Error(message));
    this.#requests.clear();
    this.#posted.clear();
    this.#events.clear();
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.lost(message);
  }
}

/** The user's name, by which servers grant access. A process whose user has no name sends "secop-lab". */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "secop-lab";
  }
}
