// A "virtual circuit": the TCP connection to one server, shared by all its channels.

import { connect, type Socket } from "node:net";
import { hostname, userInfo } from "node:os";
import { CaCommand, type CaMessage, CaMessageSplitter, encodeMessage, MINOR_VERSION, namePayload } from "./caMessage";
import { caStatusText, NORMAL } from "./caStatus";
import { EpicsError } from "./epicsError";
import type { UdpAddress } from "./serverAddresses";

/** The circuit's side of a channel. */
export interface CircuitChannel {
  readonly id: number;
  readonly name: string;
  /** The server knows it: its number there, native type and largest count. */
  opened(serverId: number, fieldType: number, count: number): void;
  allowed(rights: { readonly read: boolean; readonly write: boolean }): void;
  lost(reason: string): void;
}

interface Pending {
  readonly resolve: (message: CaMessage) => void;
  readonly reject: (error: Error) => void;
}

type Fields = Partial<Omit<CaMessage, "command">>;

/** Seconds without a sign of the server until it is asked for one, as `EPICS_CA_CONN_TMO` does by default; and for the answer. */
const QUIET = 15;
const ANSWER = 5;
/** Writes without an answer that are remembered, in case the server refuses them. */
const POSTED = 256;
/** Bytes of the header in an error report. */
const ERROR_HEADER = 16;

export class Circuit {
  readonly #address: UdpAddress;
  readonly #onClosed: () => void;
  readonly #socket: Socket;
  readonly #channels = new Map<number, CircuitChannel>();
  readonly #requests = new Map<number, Pending>();
  /** By what is only told of when it is refused. */
  readonly #posted = new Map<number, (words: string) => void>();
  readonly #events = new Map<number, (message: CaMessage) => void>();
  readonly #watchdog: NodeJS.Timeout;
  #nextId = 1;
  #heardMs = performance.now();
  #corked = false;
  #closed = false;

  /** Connects at once; `onClosed` is called when nobody needs the circuit any more or it broke. */
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
        this.#close(`it sent what is not Channel Access (${error instanceof Error ? error.message : error})`);
      }
    });
    this.#socket.on("error", (error) => this.#close(error.message));
    this.#socket.on("close", () => this.#close("it closed the connection"));
    this.#watchdog = setInterval(() => this.#watch(), 1000 * ANSWER);
    this.send(CaCommand.version, { dataCount: MINOR_VERSION });
    this.send(CaCommand.clientName, { payload: namePayload(userName()) });
    this.send(CaCommand.hostName, { payload: namePayload(hostname()) });
  }

  attach(channel: CircuitChannel): void {
    this.#channels.set(channel.id, channel);
    this.send(CaCommand.createChannel, {
      parameter1: channel.id,
      parameter2: MINOR_VERSION,
      payload: namePayload(channel.name),
    });
  }

  /** Lets a channel go; with the last one the connection is closed. */
  detach(channel: CircuitChannel, serverId: number | null): void {
    if (!this.#channels.delete(channel.id)) return;
    if (serverId !== null) this.send(CaCommand.clearChannel, { parameter1: serverId, parameter2: channel.id });
    if (this.#channels.size === 0)
      queueMicrotask(() => this.#channels.size === 0 && this.#close("it is not needed any more"));
  }

  /** Messages of one turn of the event loop go out together. */
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

  /** Sends what the server answers only to refuse it, in words for `onRefused`. */
  post(command: number, fields: Fields, onRefused: (words: string) => void): void {
    const id = this.#newId();
    for (const oldest of this.#posted.keys()) {
      if (this.#posted.size < POSTED) break;
      this.#posted.delete(oldest);
    }
    this.#posted.set(id, onRefused);
    this.send(command, { ...fields, parameter2: id });
  }

  /**
   * Sends a request and gives its answer; rejects with the server's words for `what`, or when the connection is lost. When `signal`
   * aborts, an answer is no longer waited for.
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
      const fail = (words: string) => reject(new EpicsError(`${what}: ${words}`));
      this.#requests.set(id, {
        resolve: (message) =>
          message.parameter1 === NORMAL ? resolve(message) : fail(caStatusText(message.parameter1)),
        reject: (error) => fail(error.message),
      });
    });
  }

  /** Calls `onEvent` at every event of a subscription until the returned function is called. */
  subscribe(fields: Fields, onEvent: (message: CaMessage) => void): () => void {
    const id = this.#newId();
    this.#events.set(id, onEvent);
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
      if (message.payload.length > 0) this.#events.get(parameter2)?.(message);
    } else if (command === CaCommand.readNotify || command === CaCommand.writeNotify) {
      this.#take(parameter2)?.resolve(message);
    } else if (command === CaCommand.createChannel) {
      this.#channels.get(parameter1)?.opened(parameter2, message.dataType, message.dataCount);
    } else if (command === CaCommand.accessRights) {
      this.#channels.get(parameter1)?.allowed({ read: (parameter2 & 1) !== 0, write: (parameter2 & 2) !== 0 });
    } else if (command === CaCommand.createChannelFailed || command === CaCommand.serverDisconnected) {
      const channel = this.#channels.get(parameter1);
      this.#channels.delete(parameter1);
      channel?.lost("the server does not have it any more");
    } else if (command === CaCommand.error) {
      this.#refused(message);
    }
  }

  /** An error report carries the header of the request it is about, and may carry words. */
  #refused({ payload, parameter2 }: CaMessage): void {
    if (payload.length < ERROR_HEADER) return;
    const words = payload.toString("utf8", ERROR_HEADER).replace(/\0.*$/s, "").replace(/\s+/g, " ").trim();
    const status = caStatusText(parameter2);
    const told = words ? `${status} (${words})` : status;
    const id = payload.readUInt32BE(12);
    this.#take(id)?.reject(new Error(told));
    this.#posted.get(id)?.(told);
    this.#posted.delete(id);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#requests.get(id);
    this.#requests.delete(id);
    return pending;
  }

  #watch(): void {
    const quiet = (performance.now() - this.#heardMs) / 1000;
    if (quiet > QUIET + ANSWER) this.#close(`it has been silent for ${Math.round(quiet)} s`);
    else if (quiet > QUIET) this.send(CaCommand.echo, {});
  }

  #close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#watchdog);
    this.#socket.destroy();
    this.#onClosed();
    const { host, port } = this.#address;
    const words = `the connection to ${host}:${port} is lost: ${reason}`;
    for (const pending of this.#requests.values()) pending.reject(new Error(words));
    this.#requests.clear();
    this.#posted.clear();
    this.#events.clear();
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.lost(words);
  }
}

/** Access rules of a server go by name; a machine without one for this user is no reason to fail. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "secop-lab";
  }
}
