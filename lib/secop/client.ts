/** The SECoP client: one node, its parameters and commands. */

import { isDeepStrictEqual } from "node:util";
import { type Observable, Subject } from "rxjs";
import { currentHost } from "../display/host";
import { $display, type Displayable, type MimeBundle } from "../display/mimeBundle";
import { type Awaits, withWaitingLine } from "../display/waitingLine";
import { CommunicationFailedError, errorText, UsageError } from "../errors";
import { IsolatedObservable, isolated } from "../isolatedObservable";
import type { Cache, Update } from "./cache/cache";
import type { CacheItem } from "./cache/cacheItem";
import { NodeCache } from "./cache/nodeCache";
import type { ItemListener } from "./cache/parameterEntry";
import { UpdateQueue } from "./cache/updateQueue";
import { displayClient } from "./clientDisplay";
import { type ClientLog, type ClientOptions, QUIET } from "./clientOptions";
import type { NodeDescription } from "./description/description";
import type { RequestOptions } from "./link/pendingRequest";
import { type ClientState, Supervisor } from "./link/supervisor";
import { type CheckedValue, NodeRequests } from "./nodeRequests";
import { RemoteLog, type RemoteLogLevel, type RemoteLogMessage } from "./remoteLog";
import type { RawMessage } from "./wire/secopMessage";
import { parseUri } from "./wire/uri";

export type { Update } from "./cache/cache";
export type { CacheItem } from "./cache/cacheItem";
export type { ClientLog, ClientOptions } from "./clientOptions";
export type { RequestOptions } from "./link/pendingRequest";
export type { ClientState } from "./link/supervisor";
export type { CheckedValue } from "./nodeRequests";
export type { RemoteLogLevel, RemoteLogMessage } from "./remoteLog";

/** The description of a node before and after it changed. */
export interface DescriptionChange {
  readonly before: NodeDescription;
  readonly after: NodeDescription;
}

/**
 * A client of one SEC node. After `connect` it keeps the connection until `close`: it reconnects by itself,
 * with the same subscriptions. The last known value of each parameter is in `cache`.
 *
 * Requests go over a second connection where the node allows two, since a node without TCP_NODELAY delays
 * replies by 40 ms on an activated one. Guaranteed then: requests are sent in the order of the calls; when
 * `change` of a `target` or `do` resolves, the cache holds a status that was read after the node's reply; of
 * two values that arrive over different connections the cache keeps the one with the later node time. With
 * one connection, the next update of a parameter answers a read of it if it comes before the reply.
 */
export class SecopClient implements Displayable {
  readonly uri: string;
  readonly #log: ClientLog;
  readonly #cache: NodeCache;
  readonly #supervisor: Supervisor;
  readonly #requests: NodeRequests;
  readonly #remoteLog = new RemoteLog();
  readonly #descriptionChanges = new Subject<DescriptionChange>();
  #description: NodeDescription | undefined;
  /** Shows what the first connection waits for. Later connections are made in the background, unshown. */
  #awaits: Awaits | undefined;

  /**
   * Throws UsageError if `uri` is none of `host`, `host:port`, `[v6]:port`, `tcp://host:port`,
   * `ws://host:port`, `wss://host:port` (WebSocket over TLS).
   */
  constructor(uri: string, options: ClientOptions = {}) {
    const address = parseUri(uri);
    const { timeout } = options;
    if (timeout !== undefined && !(timeout > 0)) throw new UsageError(`timeout is ${timeout} s: it must be positive`);
    this.uri = address.text;
    this.#log = options.log ?? QUIET;
    this.#cache = new NodeCache((text) => this.#complain(text));
    this.#supervisor = new Supervisor(
      address,
      {
        timeout,
        activate: options.activate ?? true,
        connections: options.connections ?? 2,
      },
      {
        awaits: (words, limit) => this.#awaits?.(words, limit),
        described: (description) => this.#adopt(description),
        updates: this.#cache,
        message: (message) => this.#onMessage(message),
        problem: (text) => this.#log.info(`${this.uri}: ${text}`),
        trace: options.trace && isolated(options.trace, (error) => this.#complainOf("the trace", error)),
        opened: () => this.#onOpened(),
        lost: (reason) => this.#onLost(reason),
      },
    );
    this.#requests = new NodeRequests(this.#supervisor, this.#cache, () => this.description);
  }

  /** Makes a client and connects it. */
  static async connect(uri: string, options?: ClientOptions & { readonly signal?: AbortSignal }): Promise<SecopClient> {
    return new SecopClient(uri, options).connect(options);
  }

  /**
   * Connects: resolves when the description and the first values are there. Rejects with one clear line
   * within the timeout; it can then be called again.
   */
  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<this> {
    await withWaitingLine(this.uri, async (awaits) => {
      this.#awaits = awaits;
      await this.#supervisor.connect(options.signal);
    }).finally(() => {
      this.#awaits = undefined;
    });
    return this;
  }

  /**
   * Ends everything at once: no socket, timer or listener is left. The observables complete; the cache can
   * still be read.
   */
  close(): Promise<void> {
    this.#supervisor.close();
    this.#cache.close();
    this.#descriptionChanges.complete();
    this.#remoteLog.close();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * The description that the node sent when it was last connected. Throws UsageError before the first
   * connect.
   */
  get description(): NodeDescription {
    if (!this.#description) throw new UsageError(`${this.uri} is not connected yet: await client.connect() first`);
    return this.#description;
  }

  get state(): ClientState {
    return this.#supervisor.state;
  }

  /** The state now and every change of it. */
  get state$(): Observable<ClientState> {
    return this.#isolated(this.#supervisor.state$);
  }

  /** Every update of every parameter, as it arrives. */
  get updates$(): Observable<Update> {
    return this.#isolated(this.#cache.updates$);
  }

  /** Emits when the node came back with another description; `description` is the new one already. */
  get descriptionChanged$(): Observable<DescriptionChange> {
    return this.#isolated(this.#descriptionChanges);
  }

  get cache(): Cache {
    return this.#cache;
  }

  /**
   * Reads a parameter from the node (constants come from the description). Rejects with the node's error
   * report, with SecopTimeoutError at the deadline, with the signal's reason, and at once with
   * CommunicationFailedError while there is no connection.
   */
  read<T = unknown>(module: string, parameter: string, options?: RequestOptions): Promise<CacheItem<T>> {
    return this.#requests.read(module, parameter, options) as Promise<CacheItem<T>>;
  }

  /**
   * Sets a parameter and resolves with the node's read-back, which can differ. Rejects like `read`, and
   * before sending if the value is not what the datainfo allows (WrongTypeError, SecopRangeError) or the
   * parameter is read-only.
   */
  change<T = unknown>(
    module: string,
    parameter: string,
    value: unknown,
    options?: RequestOptions,
  ): Promise<CacheItem<T>> {
    return this.#requests.change(module, parameter, value, options) as Promise<CacheItem<T>>;
  }

  /** Runs a command and resolves with its result, null if it has none. Rejects like `change`. */
  do<T = unknown>(module: string, command: string, argument?: unknown, options?: RequestOptions): Promise<T> {
    return this.#requests.do(module, command, argument, options) as Promise<T>;
  }

  /**
   * Asks whether a parameter would take a value, or a command an argument (SECoP 2.0 `check`); nothing is
   * changed. Resolves with what the node would make of it. Rejects like `change`, naming the closest valid
   * value if the node reports one, and with NotCheckableError if the node cannot check.
   */
  check(module: string, accessible: string, value?: unknown, options?: RequestOptions): Promise<CheckedValue> {
    return this.#requests.check(module, accessible, value, options);
  }

  /** Resolves with the seconds that a message takes to the node and back. */
  ping(options?: RequestOptions): Promise<number> {
    return this.#requests.ping(options);
  }

  /**
   * Calls `fn` with every new item of a parameter; returns the function that ends it. The first error that
   * `fn` throws is logged, later ones are ignored.
   */
  onUpdate<T = unknown>(module: string, parameter: string, fn: (item: CacheItem<T>) => void): () => void {
    const entry = this.#requests.entry(module, parameter, "cannot listen to");
    const listener = isolated(fn as ItemListener, (error) => this.#complainOf(`a listener of ${entry.key}`, error));
    entry.listeners.add(listener);
    return () => entry.listeners.delete(listener);
  }

  /**
   * Every item of a parameter in order, for consumers that must not miss one: `for await (const item of
   * client.queue(...))`. At most `capacity` items (default 10,000) wait; beyond that the oldest are dropped
   * and counted in `lost`. The first loss, and at the end the number of all, is logged and shown to the user.
   */
  queue<T = unknown>(module: string, parameter: string, options: { readonly capacity?: number } = {}): UpdateQueue<T> {
    const say = currentHost().bind((text: string) => console.warn(text));
    return new UpdateQueue<T>({
      name: `${module}:${parameter}`,
      capacity: options.capacity ?? 10_000,
      listen: (push) => this.onUpdate<T>(module, parameter, push),
      complain: (problem) => {
        this.#complain(problem);
        say(`${this.uri}: ${problem}`);
      },
    });
  }

  /**
   * Requests the node's log from `level` up, of one module or of all, now and after every reconnect. It goes
   * to `log$` and to the client's log. Resolves with the level that the node will really send.
   */
  async logging(level: RemoteLogLevel, module = ""): Promise<string> {
    const { session } = this.#supervisor;
    if (!session) throw new CommunicationFailedError(`cannot get the log of ${this.uri}: it is not connected`);
    return this.#remoteLog.request(session, module, level);
  }

  /** The node's log, once `logging` requested it. */
  get log$(): Observable<RemoteLogMessage> {
    return this.#isolated(this.#remoteLog.messages$);
  }

  [$display](): MimeBundle {
    return displayClient({ uri: this.uri, state: this.state, description: this.#description, cache: this.cache });
  }

  #isolated<T>(source: Observable<T>): Observable<T> {
    return new IsolatedObservable(source, (text) => this.#complain(text));
  }

  #complain(problem: string): void {
    this.#log.warn(`${this.uri}: ${problem}`);
  }

  #complainOf(what: string, error: unknown): void {
    this.#complain(`${what} failed (reported once): ${errorText(error)}`);
  }

  #onOpened(): void {
    const { session } = this.#supervisor;
    if (session) this.#remoteLog.resume(session, (error) => this.#complain(errorText(error)));
  }

  #onLost(reason: string): void {
    this.#cache.makeStale(reason);
    if (this.state.name !== "closed") this.#complain(`${reason}; reconnecting`);
  }

  #adopt(description: NodeDescription): void {
    const before = this.#description;
    if (before && isDeepStrictEqual(before.raw, description.raw)) return;
    this.#description = description;
    this.#cache.adopt(description);
    if (before) this.#descriptionChanges.next({ before, after: description });
  }

  #onMessage(message: RawMessage): void {
    if (message.action === "log") {
      const { module, level, text } = this.#remoteLog.receive(message);
      this.#log[LOG_METHODS.get(level) ?? "info"](`${this.uri} ${module}: ${text}`);
      return;
    }
    if (message.action.startsWith("_") || message.action === "helping") return;
    this.#log.debug(`${this.uri}: "${message.action} ${message.specifier}" answers nothing and is ignored`);
  }
}

/** The method of the client's log for each level of a node; frappy has more levels than the spec. */
const LOG_METHODS: ReadonlyMap<string, keyof ClientLog> = new Map([
  ["debug", "debug"],
  ["comlog", "debug"],
  ["info", "info"],
  ["warning", "warn"],
  ["error", "error"],
]);
