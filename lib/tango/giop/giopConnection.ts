/**
 * The TCP connection to one server, shared by all its objects; it opens with the first request, and again
 * after it was lost.
 */

import { ClearError } from "../../clearError";
import { deadline } from "../../core/status/deadline";
import { MessageSocket } from "../../messageSocket";
import type { CdrWriter } from "./cdr";
import {
  encodeRequest,
  type GiopMessage,
  GiopMessageSplitter,
  type GiopReply,
  MessageType,
  readReply,
} from "./giopMessage";
import type { TcpAddress } from "./ior";

/** A server could not be reached, or the connection was lost before the answer arrived. */
export class ConnectionError extends ClearError {
  override readonly name = "ConnectionError";
  /**
   * True if the server announced that it had not started the request, so that it is safe to send it again.
   */
  readonly untouched: boolean;
  /** True if the request was sent, and nobody knows whether the server has done it. */
  readonly inFlight: boolean;

  constructor(
    message: string,
    options: ErrorOptions & { readonly untouched?: boolean; readonly inFlight?: boolean } = {},
  ) {
    super(message, options);
    this.untouched = options.untouched ?? false;
    this.inFlight = options.inFlight ?? false;
  }
}

/** An operation of an object, with the function that writes its arguments. */
export interface GiopRequest {
  readonly operation: string;
  readonly write: (to: CdrWriter) => void;
}

/**
 * A reply with the identity of the connection that it came over: after a restart of the server, `session` is
 * another object.
 */
export interface SessionReply extends GiopReply {
  readonly session: object;
}

interface Pending {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: Error) => void;
}

type GiopSocket = MessageSocket<GiopMessage>;

/** Seconds until a server that accepts no connection counts as unreachable. */
const CONNECT_TIMEOUT = 3;

/**
 * A connection that is shared by requests to many objects; replies are matched to requests by their number.
 */
export class GiopConnection {
  readonly #address: TcpAddress;
  #socket: GiopSocket | undefined;
  #opening: Promise<GiopSocket> | undefined;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** True after the server has announced that it closes the connection. */
  #closing = false;
  #released = false;

  constructor(address: TcpAddress) {
    this.#address = address;
  }

  /**
   * The identity of the present connection, another object after each reconnection; undefined while there is
   * none.
   */
  get session(): object | undefined {
    return this.#socket;
  }

  /**
   * Opens the connection if it is not open. Rejects with ConnectionError if the server accepts no connection.
   */
  async open(): Promise<void> {
    await this.#open();
  }

  /**
   * Sends a request and resolves with its reply. Rejects with ConnectionError, the reason of `signal`, or
   * what `write` throws.
   */
  async request(objectKey: Uint8Array, { operation, write }: GiopRequest, signal: AbortSignal): Promise<SessionReply> {
    const socket = await this.#open();
    signal.throwIfAborted();
    this.#lastId = (this.#lastId + 1) >>> 0;
    const id = this.#lastId;
    const message = encodeRequest(id, objectKey, operation, write);
    return await new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        signal.removeEventListener("abort", abort);
        this.#pending.delete(id);
        finish();
      };
      const abort = () => settle(() => reject(signal.reason));
      signal.addEventListener("abort", abort);
      this.#pending.set(id, {
        resolve: (reply) => settle(() => resolve(reply)),
        reject: (error) => settle(() => reject(error)),
      });
      socket.send(message);
    });
  }

  /** Closes the connection for good: later requests reject. */
  close(): void {
    this.#released = true;
    this.#lost("it was closed");
  }

  #open(): Promise<GiopSocket> {
    if (this.#released) return Promise.reject(new ConnectionError(`the connection to ${this.#place} was closed`));
    if (this.#socket) return Promise.resolve(this.#socket);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  #connect(): Promise<GiopSocket> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string, cause?: unknown) => {
        disarm();
        reject(new ConnectionError(`no connection to ${this.#place}: ${reason}`, { cause }));
      };
      const socket: GiopSocket = new MessageSocket(this.#address, {
        protocol: "GIOP",
        splitter: new GiopMessageSplitter(),
        onConnected: () => {
          disarm();
          if (this.#released) {
            socket.close("it was closed");
            return;
          }
          this.#closing = false;
          this.#socket = socket;
          resolve(socket);
        },
        onMessage: (message) => this.#receive(message, socket),
        onClosed: (reason, error) => {
          if (this.#socket === socket) this.#lost(reason);
          else fail(connectErrorText(error) ?? reason, error);
        },
      });
      const late = `it did not answer within ${CONNECT_TIMEOUT} s`;
      const disarm = deadline({ timeout: CONNECT_TIMEOUT }, "", () => socket.close(late));
    });
  }

  #receive({ type, body }: GiopMessage, session: GiopSocket): void {
    if (type === MessageType.reply) {
      const reply = readReply(body);
      this.#pending.get(reply.requestId)?.resolve({ ...reply, session });
    } else if (type === MessageType.closeConnection) {
      this.#closing = true;
      this.#lost("the server closed the connection");
    } else if (type === MessageType.messageError) {
      throw new RangeError("it reports that our message was malformed");
    }
  }

  #lost(reason: string): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close(reason);
    const error = new ConnectionError(`the connection to ${this.#place} is lost: ${reason}`, {
      untouched: this.#closing,
      inFlight: !this.#closing,
    });
    for (const { reject } of [...this.#pending.values()]) reject(error);
  }

  get #place(): string {
    return `${this.#address.host}:${this.#address.port}`;
  }
}

function connectErrorText(error: NodeJS.ErrnoException | undefined): string | undefined {
  switch (error?.code) {
    case "ECONNREFUSED":
      return "no server listens on this port";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host name cannot be resolved";
    default:
      return undefined;
  }
}
