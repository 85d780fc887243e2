// An object of a server: located, asked, and located again when it is not where it was.

import { type DeadlineOptions, within } from "../../core/status/deadline";
import { errorText } from "../../errors";
import type { CdrReader } from "./cdr";
import { Connection, ConnectionError, type Request, type SessionReply } from "./giopConnection";
import { ReplyStatus } from "./giopMessage";
import { type ObjectReference, readIor } from "./ior";
import { Shared } from "./shared";

/** An exception that the interface of the object knows; `body` stands behind its id. */
export class UserException extends Error {
  override readonly name = "UserException";
  readonly id: string;
  readonly body: CdrReader;

  constructor(id: string, body: CdrReader) {
    super(`the server answers ${id}`);
    this.id = id;
    this.body = body;
  }
}

/** An exception of CORBA itself: no such object, no such operation ... */
export class SystemException extends Error {
  override readonly name = "SystemException";
  /** For example `OBJECT_NOT_EXIST`. */
  readonly kind: string;

  constructor(kind: string, words: string) {
    super(words);
    this.kind = kind;
  }
}

/** The result of an operation, with the session of the server that it came from. */
export interface Result<T> {
  readonly value: T;
  readonly session: object;
}

/** How long an answer may take, and what is waited for, in a sentence "gave up waiting for ...". */
export interface InvokeOptions extends DeadlineOptions {
  readonly what: string;
}

interface Target {
  readonly connection: Connection;
  readonly key: Uint8Array;
  readonly release: () => void;
  /** Requests under way. */
  asked: number;
}

/** One per server, however many objects of it are in use. */
const connections = new Shared<Connection>((connection) => connection.close());

/** Forwards and closed connections in one request. */
const MAX_TRIES = 4;

/** What is wrong, by CORBA's word for it. */
const SYSTEM_WORDS: Readonly<Record<string, string>> = {
  OBJECT_NOT_EXIST: "the server has no such device",
  TRANSIENT: "the server cannot be used at present",
  NO_PERMISSION: "the server does not allow it",
  TIMEOUT: "the server gave up",
  BAD_OPERATION: "the server does not know this operation",
};

export class RemoteObject {
  readonly #locate: () => Promise<ObjectReference>;
  #target: Target | null = null;
  #reaching: Promise<Target> | null = null;
  #disposed = false;

  /** `locate` is asked when the object is first used, and again after it was lost. */
  constructor(locate: () => Promise<ObjectReference>) {
    this.#locate = locate;
  }

  /** The session of the server that is in use; null before the first request and after a loss. */
  get session(): object | null {
    return this.#target?.connection.session ?? null;
  }

  /**
   * Rejects with UserException or SystemException in words of the server, ConnectionError where it cannot be reached, TimeoutError,
   * AbortError; with RangeError where what came is no answer.
   */
  invoke<T>(request: Request, read: (from: CdrReader) => T, options: InvokeOptions): Promise<Result<T>> {
    return within((signal) => this.#invoke(request, read, signal), options, options.what);
  }

  dispose(): void {
    this.#disposed = true;
    this.#target?.release();
    this.#target = null;
  }

  async #invoke<T>(request: Request, read: (from: CdrReader) => T, signal: AbortSignal): Promise<Result<T>> {
    for (let tries = 1; ; tries++) {
      const target = await this.#reach(this.#locate);
      const reply = await this.#ask(target, request, signal, tries < MAX_TRIES);
      if (reply === null) continue;
      const { status, body, session } = reply;
      if (status === ReplyStatus.noException) return { value: read(body), session };
      if (status === ReplyStatus.userException) throw new UserException(body.string(), body);
      if (status === ReplyStatus.systemException) throw this.#systemException(target, body);
      const elsewhere = status === ReplyStatus.locationForward || status === ReplyStatus.locationForwardPermanently;
      if (!elsewhere || tries === MAX_TRIES) throw new RangeError(`a reply of status ${status}`);
      const reference = readIor(body);
      this.#forget(target);
      await this.#reach(async () => reference);
    }
  }

  /** Null where the server closed the connection before it began with the request. */
  async #ask(target: Target, request: Request, signal: AbortSignal, mayRepeat: boolean): Promise<SessionReply | null> {
    target.asked += 1;
    try {
      return await target.connection.request(target.key, request, signal);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#forget(target);
      if (error.untouched && mayRepeat && !this.#disposed) return null;
      throw error;
    } finally {
      target.asked -= 1;
      if (this.#target !== target) this.#forget(target);
    }
  }

  /** Those who come while it is located get the same. */
  #reach(locate: () => Promise<ObjectReference>): Promise<Target> {
    if (this.#disposed) return Promise.reject(new ConnectionError("it was disposed"));
    if (this.#target) return Promise.resolve(this.#target);
    this.#reaching ??= locate()
      .then((reference) => this.#choose(reference))
      .finally(() => {
        this.#reaching = null;
      });
    return this.#reaching;
  }

  /** The first address that takes a connection. */
  async #choose({ addresses, key }: ObjectReference): Promise<Target> {
    const failures: string[] = [];
    for (const address of addresses) {
      const { item: connection, release } = connections.acquire(
        `${address.host}:${address.port}`,
        () => new Connection(address),
      );
      try {
        await connection.open();
        const target = { connection, key, release, asked: 0 };
        if (this.#disposed) throw new ConnectionError("it was disposed");
        this.#target = target;
        return target;
      } catch (error) {
        release();
        failures.push(errorText(error));
      }
    }
    throw new ConnectionError(failures.join("; "));
  }

  /** The connection is given back when nobody waits for an answer of it. */
  #forget(target: Target): void {
    if (this.#target === target) this.#target = null;
    if (target.asked === 0) target.release();
  }

  #systemException(target: Target, body: CdrReader): SystemException {
    const kind = /([A-Z_]+):[^:]*$/.exec(body.string())?.[1] ?? "UNKNOWN";
    if (kind === "OBJECT_NOT_EXIST") this.#forget(target);
    return new SystemException(kind, SYSTEM_WORDS[kind] ?? `the server answers ${kind}`);
  }
}
