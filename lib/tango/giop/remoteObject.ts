/**
 * An object of a CORBA server: located at first use, invoked, and located again when it has moved or its
 * connection was lost.
 */

import { ClearError } from "../../clearError";
import { SharedPool } from "../../core/signal/sharedPool";
import { type DeadlineOptions, withDeadline } from "../../core/status/deadline";
import { errorText } from "../../errors";
import type { CdrReader } from "./cdr";
import { ConnectionError, GiopConnection, type GiopRequest, type SessionReply } from "./giopConnection";
import { ReplyStatus } from "./giopMessage";
import { type ObjectReference, readIor } from "./ior";

/** An exception that the interface of the object declares; `body` is positioned after the exception's id. */
export class UserException extends ClearError {
  override readonly name = "UserException";
  readonly id: string;
  readonly body: CdrReader;

  constructor(id: string, body: CdrReader) {
    super(`the server answered ${id}`);
    this.id = id;
    this.body = body;
  }
}

/** An exception of CORBA itself, for example that the object or the operation does not exist. */
export class SystemException extends ClearError {
  override readonly name = "SystemException";
  /** CORBA's name of the exception, for example `OBJECT_NOT_EXIST`. */
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** The result of an operation, with the identity of the connection that it came over (see `SessionReply`). */
export interface InvokeResult<T> {
  readonly value: T;
  readonly session: object;
}

/** How long the answer may take; `what` completes the sentence "gave up waiting for ...". */
export interface InvokeOptions extends DeadlineOptions {
  readonly what: string;
}

/** Where the object is at present. */
interface Target {
  readonly connection: GiopConnection;
  readonly key: Uint8Array;
  readonly release: () => void;
  /** How many requests are waiting for their reply. */
  pending: number;
}

/** One connection per server, however many of its objects are in use. */
const connections = new SharedPool<GiopConnection>((connection) => connection.close());

/** How often one request is sent, when the server forwards it or closes the connection. */
const MAX_TRIES = 4;

/** Explanations of CORBA's system exceptions. */
const SYSTEM_EXCEPTIONS: Readonly<Record<string, string>> = {
  OBJECT_NOT_EXIST: "the server has no such device",
  TRANSIENT: "the server is not available at present",
  NO_PERMISSION: "the server does not permit it",
  TIMEOUT: "the server gave up waiting",
  BAD_OPERATION: "the server does not know this operation",
};

/** A remote object that is addressed by its operations, wherever it is at present. */
export class RemoteObject {
  readonly #locate: () => Promise<ObjectReference>;
  #target: Target | undefined;
  #reaching: Promise<Target> | undefined;
  #disposed = false;

  /**
   * `locate` is called when the object is used for the first time, and again after its connection was lost.
   */
  constructor(locate: () => Promise<ObjectReference>) {
    this.#locate = locate;
  }

  /**
   * The identity of the present connection; undefined before the first request and after the connection was
   * lost.
   */
  get session(): object | undefined {
    return this.#target?.connection.session;
  }

  /**
   * Invokes an operation and resolves with its result, as parsed by `read`. Rejects with UserException or
   * SystemException if the server answers with one, ConnectionError if it cannot be reached, TimeoutError,
   * AbortError, and RangeError if the answer is malformed.
   */
  invoke<T>(request: GiopRequest, read: (from: CdrReader) => T, options: InvokeOptions): Promise<InvokeResult<T>> {
    return withDeadline((signal) => this.#invoke(request, read, signal), options, options.what);
  }

  dispose(): void {
    this.#disposed = true;
    this.#target?.release();
    this.#target = undefined;
  }

  async #invoke<T>(request: GiopRequest, read: (from: CdrReader) => T, signal: AbortSignal): Promise<InvokeResult<T>> {
    for (let tries = 1; ; tries++) {
      const target = await this.#reach(this.#locate);
      const reply = await this.#ask(target, request, signal, tries < MAX_TRIES);
      if (reply === undefined) continue;
      const { status, body, session } = reply;
      if (status === ReplyStatus.noException) return { value: read(body), session };
      if (status === ReplyStatus.userException) throw new UserException(body.string(), body);
      if (status === ReplyStatus.systemException) throw this.#systemException(target, body);
      const elsewhere = status === ReplyStatus.locationForward || status === ReplyStatus.locationForwardPermanently;
      if (!elsewhere) throw new RangeError(`a reply has the unknown status ${status}`);
      if (tries === MAX_TRIES) throw new RangeError(`the server forwarded the request ${tries} times`);
      const reference = readIor(body);
      this.#forget(target);
      await this.#reach(async () => reference);
    }
  }

  /**
   * Resolves with undefined if the server closed the connection before it started the request, so that it can
   * be repeated.
   */
  async #ask(
    target: Target,
    request: GiopRequest,
    signal: AbortSignal,
    mayRepeat: boolean,
  ): Promise<SessionReply | undefined> {
    target.pending += 1;
    try {
      return await target.connection.request(target.key, request, signal);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#forget(target);
      if (error.untouched && mayRepeat && !this.#disposed) return undefined;
      throw error;
    } finally {
      target.pending -= 1;
      if (this.#target !== target) this.#forget(target);
    }
  }

  /** The present target; requests that arrive while the object is being located wait for the same result. */
  #reach(locate: () => Promise<ObjectReference>): Promise<Target> {
    if (this.#disposed) return Promise.reject(new ConnectionError("the device was disposed"));
    if (this.#target) return Promise.resolve(this.#target);
    this.#reaching ??= locate()
      .then((reference) => this.#choose(reference))
      .finally(() => {
        this.#reaching = undefined;
      });
    return this.#reaching;
  }

  /** Connects to the first address that accepts a connection. */
  async #choose({ addresses, key }: ObjectReference): Promise<Target> {
    const failures: string[] = [];
    for (const address of addresses) {
      const { item: connection, release } = connections.acquire(
        `${address.host}:${address.port}`,
        () => new GiopConnection(address),
      );
      try {
        await connection.open();
        const target = { connection, key, release, pending: 0 };
        if (this.#disposed) throw new ConnectionError("the device was disposed");
        this.#target = target;
        return target;
      } catch (error) {
        release();
        failures.push(errorText(error));
      }
    }
    throw new ConnectionError(failures.join("; "));
  }

  /**
   * Forgets where the object was. The connection is released once no request waits for its reply any more.
   */
  #forget(target: Target): void {
    if (this.#target === target) this.#target = undefined;
    if (target.pending === 0) target.release();
  }

  #systemException(target: Target, body: CdrReader): SystemException {
    const kind = /([A-Z_]+):[^:]*$/.exec(body.string())?.[1] ?? "UNKNOWN";
    if (kind === "OBJECT_NOT_EXIST") this.#forget(target);
    return new SystemException(kind, SYSTEM_EXCEPTIONS[kind] ?? `the server answered ${kind}`);
  }
}
