// The connection to one server, shared by all its objects; opened when something is asked, and again when it was lost.

import { connect, type Socket } from "node:net";
import { deadline } from "../../core/status/deadline";
import { errorText } from "../../errors";
import type { CdrWriter } from "./cdr";
import { encodeRequest, type GiopMessage, MessageSplitter, MessageType, type Reply, readReply } from "./giopMessage";
import type { TcpAddress } from "./ior";

/** A server could not be reached, or was lost before it answered. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  /** The server said that it did not begin with the request, so it can be sent again. */
  readonly untouched: boolean;

  constructor(message: string, options: ErrorOptions & { readonly untouched?: boolean } = {}) {
    super(message, options);
    this.untouched = options.untouched ?? false;
  }
}

/** What is asked of an object. */
export interface Request {
  readonly operation: string;
  readonly write: (to: CdrWriter) => void;
}

/** A reply, and which of a server's lives it came from: after a restart `session` is another object. */
export interface SessionReply extends Reply {
  readonly session: object;
}

interface Pending {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: Error) => void;
}

/** Seconds until a server that takes no connection counts as not there. */
const CONNECT_TIMEOUT = 3;

export class Connection {
  readonly #address: TcpAddress;
  #socket: Socket | null = null;
  #opening: Promise<Socket> | null = null;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  /** Set when the server has said that it closes. */
  #closing = false;
  #released = false;

  constructor(address: TcpAddress) {
    this.#address = address;
  }

  /** Another object after each connection; null while there is none. */
  get session(): object | null {
    return this.#socket;
  }

  /** Rejects with ConnectionError where the server takes no connection. */
  async open(): Promise<void> {
    await this.#open();
  }

  /** Rejects with ConnectionError; with the reason of `signal`; with whatever `write` throws. */
  async request(objectKey: Uint8Array, { operation, write }: Request, signal: AbortSignal): Promise<SessionReply> {
    const socket = await this.#open();
    signal.throwIfAborted();
    this.#lastId = (this.#lastId + 1) >>> 0;
    const id = this.#lastId;
    const message = encodeRequest(id, objectKey, operation, write);
    return await new Promise((resolve, reject) => {
      const settle = (tell: () => void) => {
        signal.removeEventListener("abort", abort);
        this.#pending.delete(id);
        tell();
      };
      const abort = () => settle(() => reject(signal.reason));
      signal.addEventListener("abort", abort);
      this.#pending.set(id, {
        resolve: (reply) => settle(() => resolve(reply)),
        reject: (error) => settle(() => reject(error)),
      });
      socket.write(message);
    });
  }

  /** Nobody needs it any more. */
  close(): void {
    this.#released = true;
    this.#lost("it is not needed any more");
  }

  #open(): Promise<Socket> {
    if (this.#released) return Promise.reject(new ConnectionError(`${this.#place} is not needed any more`));
    if (this.#socket) return Promise.resolve(this.#socket);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  #connect(): Promise<Socket> {
    const { host, port } = this.#address;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true, keepAlive: true });
      const fail = (words: string, cause?: unknown) => {
        disarm();
        socket.destroy();
        reject(new ConnectionError(`no connection to ${this.#place}: ${words}`, { cause }));
      };
      const disarm = deadline({ timeout: CONNECT_TIMEOUT }, "", () =>
        fail(`it did not answer within ${CONNECT_TIMEOUT} s`),
      );
      socket.on("error", (error) => fail(connectWords(error), error));
      socket.once("connect", () => {
        disarm();
        socket.removeAllListeners("error");
        if (this.#released) {
          socket.on("error", () => {});
          fail("it is not needed any more");
          return;
        }
        this.#use(socket);
        resolve(socket);
      });
    });
  }

  #use(socket: Socket): void {
    this.#socket = socket;
    this.#closing = false;
    const splitter = new MessageSplitter();
    const lost = (reason: string) => this.#socket === socket && this.#lost(reason);
    socket.on("error", (error) => lost(error.message));
    socket.on("close", () => lost("the server closed it"));
    socket.on("data", (chunk) => {
      try {
        splitter.push(chunk, (message) => this.#receive(message, socket));
      } catch (error) {
        lost(`it sent what is no GIOP (${errorText(error)})`);
      }
    });
  }

  #receive({ type, body }: GiopMessage, session: Socket): void {
    if (type === MessageType.reply) {
      const reply = readReply(body);
      this.#pending.get(reply.requestId)?.resolve({ ...reply, session });
    } else if (type === MessageType.closeConnection) {
      this.#closing = true;
      this.#lost("the server closed it");
    } else if (type === MessageType.messageError) {
      throw new RangeError("it does not understand ours");
    }
  }

  #lost(reason: string): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.destroy();
    const error = new ConnectionError(`the connection to ${this.#place} is lost: ${reason}`, {
      untouched: this.#closing,
    });
    for (const { reject } of [...this.#pending.values()]) reject(error);
  }

  get #place(): string {
    return `${this.#address.host}:${this.#address.port}`;
  }
}

function connectWords(error: Error & { readonly code?: string }): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "nobody listens there";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host is not known";
    default:
      return error.message || String(error.code);
  }
}
