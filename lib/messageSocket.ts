/** A TCP connection that carries messages whose headers say how long they are. */

import { connect, type Socket } from "node:net";
import { errorText } from "./errors";
import type { MessageSplitter } from "./messageSplitter";

/**
 * The most bytes that are handed to the operating system at once. A server that gets megabytes in one burst
 * may spend more time on moving what waits than on reading it, as those that are written in Python do.
 */
const PIECE = 0x4_0000;

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The actions on a connection. */
export interface MessageSocketEvents<M> {
  /** The name of the protocol, for the message about a server that does not speak it. */
  readonly protocol: string;
  readonly splitter: MessageSplitter<M>;
  readonly onConnected?: () => void;
  /** May throw RangeError for a message that does not follow the protocol, which ends the connection. */
  readonly onMessage: (message: M) => void;
  /** Called once, when the connection has ended or could not be made, with the reason. */
  readonly onClosed: (reason: string, error?: Error) => void;
}

/** Connects at once. What is sent before the connection is there waits for it. */
export class MessageSocket<M> {
  readonly #socket: Socket;
  readonly #host: string;
  readonly #events: MessageSocketEvents<M>;
  #heardMs = performance.now();
  #outgoing: Uint8Array[] = [];
  /** Whether a large message is under way, for whose end the others wait. */
  #writing = false;
  #closed = false;

  constructor({ host, port }: ServerAddress, events: MessageSocketEvents<M>) {
    this.#host = host;
    this.#events = events;
    const { splitter } = events;
    const callback = (count: number, bytes: Uint8Array) => {
      this.#receive(Buffer.from(bytes.buffer, bytes.byteOffset, count));
      return true;
    };
    const onread = { buffer: () => splitter.room, callback };
    this.#socket = connect({ host, port, noDelay: true, keepAlive: true, onread });
    if (events.onConnected) this.#socket.once("connect", events.onConnected);
    this.#socket.on("error", (error) => this.close(reasonOf(error), error));
    this.#socket.on("close", () => this.close("the server closed the connection"));
  }

  /** Seconds since the server sent anything. */
  get quiet(): number {
    return (performance.now() - this.#heardMs) / 1000;
  }

  /** The address of the server, or its name before the connection is there. */
  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? this.#host;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Sends bytes, which must not change any more; those of one turn of the event loop are sent together. */
  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    if (this.#outgoing.length === 0 && !this.#writing) queueMicrotask(() => this.#flush());
    this.#outgoing.push(bytes);
  }

  ref(): void {
    this.#socket.ref();
  }

  /** Lets the process end although there is a connection. */
  unref(): void {
    this.#socket.unref();
  }

  close(reason: string, error?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#outgoing = [];
    this.#socket.destroy();
    this.#events.onClosed(reason, error);
  }

  #flush(): void {
    const [first, ...others] = this.#outgoing;
    this.#outgoing = [];
    if (first) this.#write(others.length === 0 ? first : Buffer.concat([first, ...others]));
  }

  /** Writes the first piece, and the rest as soon as the system has taken it. */
  #write(bytes: Uint8Array): void {
    this.#writing = bytes.length > PIECE;
    if (!this.#writing) {
      this.#socket.write(bytes);
      return;
    }
    this.#socket.write(bytes.subarray(0, PIECE), () => {
      if (this.#closed) return;
      this.#write(bytes.subarray(PIECE));
      if (!this.#writing) this.#flush();
    });
  }

  #receive(bytes: Buffer): void {
    if (this.#closed) return;
    this.#heardMs = performance.now();
    try {
      this.#events.splitter.push(bytes, (message) => {
        if (!this.#closed) this.#events.onMessage(message);
      });
    } catch (error) {
      this.close(`the server sent data that is not ${this.#events.protocol} (${errorText(error)})`);
    }
  }
}

/** The reason of the system why a connection was lost, in words where users meet it. */
function reasonOf({ code = "", message }: NodeJS.ErrnoException): string {
  return REASONS.get(code) ?? (message || code);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ECONNRESET", "the server reset the connection"],
  ["EPIPE", "the server closed the connection"],
  ["ETIMEDOUT", "the server does not answer"],
]);
