/**
 * One session with a node, from identification to loss: a connection for updates and, if the node allows it,
 * a second one for requests.
 */

import { type ClockTimer, monotonicTime, startInterval } from "../../clock";
import { BadJSONError, errorText, SecopTimeoutError } from "../../errors";
import { parseRoundedJson } from "../../json";
import { delayFor } from "../../timeLimit";
import type { NodeDescription } from "../description/description";
import { parseDescription } from "../description/parseDescription";
import { isRefusal, parseErrorReport, reportedError } from "../wire/errorReport";
import type { RawMessage } from "../wire/secopMessage";
import type { NodeAddress } from "../wire/uri";
import { Backoff, type Pauses } from "./backoff";
import type { ConnectionRole, LinkListener } from "./linkListener";
import type { RequestOptions } from "./pendingRequest";
import { BY_US, SecopConnection } from "./secopConnection";

export interface NodeSessionOptions {
  /** Seconds; overrides the node's own. */
  readonly timeout: number | undefined;
  readonly signal: AbortSignal;
  /** Whether the node keeps all parameters up to date, or those of some modules. */
  readonly activate: boolean | readonly string[];
  /** 2 to ask for a connection of its own for requests. */
  readonly connections: 1 | 2;
  /**
   * Called when the session ended without `close`; `evicted` if a node that allows one connection only may
   * have closed the first one because of the second.
   */
  readonly onLost: (reason: string, evicted: boolean) => void;
}

/** A reply, and the connection it came over. */
export interface RoutedReply {
  readonly reply: RawMessage;
  readonly over: ConnectionRole;
}

/** The reply timeout of a node that declares none (spec). Seconds. */
const DEFAULT_TIMEOUT = 10;

/** A node that cannot be activated is read this often. Seconds. */
const POLLING = 1;

/** A connection that was silent for this long is pinged. Seconds. */
const SILENCE = 5;

/**
 * If the first connection is lost this soon after the second was tried, the node probably closed it for that.
 * Seconds.
 */
const EVICTION = 1;

/**
 * Pauses before the second connection is opened again; one that lived for longer than the longest pause
 * starts with the first one.
 */
const PAUSES: Pauses = { first: 0.5, longest: 10 };

/** The parameters that the node can be asked for, as `module:parameter`. */
function polledParameters({ modules }: NodeDescription): string[] {
  return [...modules.values()].flatMap((module) =>
    [...module.accessibles.values()]
      .filter((a) => a.kind === "parameter" && a.constant === undefined)
      .map((a) => `${module.name}:${a.name}`),
  );
}

export class NodeSession {
  readonly #address: NodeAddress;
  readonly #options: NodeSessionOptions;
  readonly #listener: LinkListener;
  readonly #life = new AbortController();
  #updates!: SecopConnection;
  #requests: SecopConnection | undefined;
  #requestsTried = Number.NEGATIVE_INFINITY;
  /** Whether the second connection is open, or being opened. */
  #hasSecond = false;
  #usesRequests = false;
  /** How many requests of callers wait for a reply over the connection for updates. */
  #sentOverUpdates = 0;
  #watch: ClockTimer | undefined;
  /** All parameters that can be read, as `module:parameter`. */
  #parameters: readonly string[] = [];

  private constructor(address: NodeAddress, options: NodeSessionOptions, listener: LinkListener) {
    this.#address = address;
    this.#options = options;
    this.#listener = listener;
  }

  /** Identifies, describes, activates. Rejects with one clear line and leaves nothing open. */
  static async open(address: NodeAddress, options: NodeSessionOptions, listener: LinkListener): Promise<NodeSession> {
    const session = new NodeSession(address, options, listener);
    const abort = () => session.close();
    options.signal.addEventListener("abort", abort, { once: true });
    try {
      await session.#open();
      return session;
    } catch (error) {
      session.close();
      throw options.signal.aborted ? options.signal.reason : error;
    } finally {
      options.signal.removeEventListener("abort", abort);
    }
  }

  /** Sends a request over the connection for requests. */
  async request(action: string, specifier: string, data: unknown, options?: RequestOptions): Promise<RoutedReply> {
    const connection = this.#forRequests();
    if (connection !== this.#updates) {
      return { reply: await connection.request(action, specifier, data, options), over: "requests" };
    }
    this.#sentOverUpdates += 1;
    if (options?.timeout === Number.POSITIVE_INFINITY && connection.isIdle) this.#pingFirst(connection);
    try {
      return { reply: await connection.request(action, specifier, data, options), over: "updates" };
    } finally {
      this.#sentOverUpdates -= 1;
    }
  }

  /**
   * Pings the node before a request that may take any time. Such a request shows no loss of the connection by
   * itself, and if it never arrived, the system repeats it for a quarter of an hour before it gives up.
   */
  #pingFirst(connection: SecopConnection): void {
    connection.ping().catch(() => {});
  }

  /** Sends a request for messages that come with the updates, so over their connection. */
  requestEvents(action: string, specifier: string, data: unknown): Promise<RawMessage> {
    return this.#updates.request(action, specifier, data);
  }

  /** Resolves with the seconds that a message takes to the node and back over the connection for requests. */
  ping(options?: RequestOptions): Promise<number> {
    return this.#forRequests().ping(options);
  }

  close(reason = BY_US): void {
    this.#life.abort(new Error(reason));
    this.#watch?.cancel();
    this.#updates?.close(reason);
    this.#requests?.close(reason);
  }

  async #open(): Promise<void> {
    const { timeout = DEFAULT_TIMEOUT, connections, activate } = this.#options;
    this.#updates = await SecopConnection.open(
      this.#address,
      {
        timeout,
        signal: this.#life.signal,
        role: "updates",
        onLost: (reason) => this.#lost(reason),
        updatesAnswerReads: activate !== false,
        onUpdate: (update, isError) => this.#requests?.offer(update, isError),
      },
      this.#listener,
    );
    const description = await this.#describe();
    this.#parameters = polledParameters(description);
    this.#updates.heartbeat = this.#parameters[0];
    this.#updates.timeout = this.#options.timeout ?? description.timeout ?? DEFAULT_TIMEOUT;
    this.#listener.described(description);
    this.#updates.hastening.followUpdates = true;
    if (activate !== false) await this.#activate(activate === true ? [] : activate);
    this.#updates.hastening.followUpdates = false;
    this.#startWatch();
    if (connections === 2) void this.#keepRequests(timeout);
  }

  async #describe(): Promise<NodeDescription> {
    this.#listener.awaits("has not sent its description yet", this.#updates.timeout);
    const reply = await this.#updates.request("describe", "", undefined);
    const tried = `cannot describe ${this.#address.text}`;
    if (reply.action !== "describing") throw reportedError(tried, parseErrorReport(reply.json));
    // Some nodes leave out the specifier, whose place the JSON then takes.
    const json = reply.specifier.startsWith("{") ? `${reply.specifier} ${reply.json ?? ""}` : reply.json;
    try {
      return parseDescription(parseRoundedJson(json ?? "null"));
    } catch (cause) {
      throw new BadJSONError(`${tried}: the description is not JSON (${errorText(cause)})`, { cause });
    }
  }

  /**
   * Activates module by module if some are named; all at once if none is, or if the node cannot activate
   * single modules.
   */
  async #activate(modules: readonly string[]): Promise<void> {
    for (const module of modules) {
      const reply = await this.#askToActivate(module);
      if (reply.action === "active" && reply.specifier !== "" && reply.specifier !== ".") continue;
      if (reply.action === "active") return;
      return this.#activate([]);
    }
    if (modules.length > 0) return;
    const reply = await this.#askToActivate("");
    if (reply.action === "active") return;
    const error = reportedError(`cannot activate ${this.#address.text}`, parseErrorReport(reply.json));
    this.#listener.problem(`${error.message}: its parameters are read every ${POLLING} s instead`);
    await this.#pollAll();
    void this.#keepPolling();
  }

  /** The reply; an error report if the node has none, as old emulators. */
  async #askToActivate(module: string): Promise<RawMessage> {
    this.#listener.awaits("has not sent its first values yet", this.#updates.timeout);
    try {
      return await this.#updates.request("activate", module, undefined);
    } catch (error) {
      if (!(error instanceof SecopTimeoutError) || this.#life.signal.aborted) throw error;
      return { action: "error_activate", specifier: module, json: JSON.stringify(["NotImplemented", error.message]) };
    }
  }

  async #keepPolling(): Promise<void> {
    const { signal } = this.#life;
    while (!signal.aborted) {
      await delayFor(POLLING, signal, { idle: true }).catch(() => {});
      if (!signal.aborted) await this.#pollAll().catch(() => {});
    }
  }

  /** Reads all parameters, for a node that does not send updates. */
  async #pollAll(): Promise<void> {
    for (const key of this.#parameters) {
      const { reply, over } = await this.request("read", key, undefined);
      this.#listener.updates.receive(key, reply.json, isRefusal(reply), over);
    }
  }

  #forRequests(): SecopConnection {
    if (!this.#requests) return this.#updates;
    // Requests keep their order: those sent over the first connection are answered before the second one is
    // used.
    this.#usesRequests ||= this.#sentOverUpdates === 0;
    return this.#usesRequests ? this.#requests : this.#updates;
  }

  /**
   * Opens the second connection, and again when it is lost. If the node refuses the first attempt, there is
   * only one connection.
   */
  async #keepRequests(timeout: number): Promise<void> {
    const { signal } = this.#life;
    const backoff = new Backoff(PAUSES);
    let everOpened = false;
    while (!signal.aborted) {
      try {
        const reason = await this.#useRequests(timeout);
        everOpened = true;
        if (monotonicTime() - this.#requestsTried > PAUSES.longest) backoff.reset();
        this.#listener.problem(`the connection for requests was lost: ${reason}`);
      } catch (error) {
        if (signal.aborted) return;
        this.#listener.problem(`there is no second connection for requests: ${errorText(error)}`);
        if (!everOpened) return;
      }
      await delayFor(backoff.next(), signal, { idle: true });
    }
  }

  /** Opens the second connection and uses it until it is lost; resolves with the reason. */
  async #useRequests(timeout: number): Promise<string> {
    let onLost: (reason: string) => void = () => {};
    const lost = new Promise<string>((resolve) => {
      onLost = resolve;
    });
    const options = {
      timeout,
      signal: this.#life.signal,
      role: "requests",
      onLost: (reason: string) => {
        this.#hasSecond = false;
        onLost(reason);
      },
      updatesAnswerReads: false,
    } as const;
    this.#requestsTried = monotonicTime();
    this.#hasSecond = true;
    const connection = await SecopConnection.open(this.#address, options, this.#listener);
    connection.timeout = this.#updates.timeout;
    connection.heartbeat = this.#updates.heartbeat;
    this.#requests = connection;
    try {
      return await lost;
    } finally {
      this.#requests = undefined;
      this.#usesRequests = false;
    }
  }

  #startWatch(): void {
    const seen = new WeakMap<SecopConnection, number>();
    const interval = Math.min(SILENCE, this.#updates.timeout / 2);
    this.#watch = startInterval(interval, () => this.#pingSilentOnes(seen), { idle: true });
  }

  /** Pings silent connections; one that does not answer within the node's timeout is lost. */
  #pingSilentOnes(seen: WeakMap<SecopConnection, number>): void {
    const open = [this.#updates, this.#requests].filter((connection) => connection !== undefined);
    const silent = open.filter((connection) => seen.get(connection) === connection.received);
    for (const connection of open) seen.set(connection, connection.received);
    // A node that works on a request may be unable to answer anything else. That request has its own
    // deadline.
    const atWork = silent.length === open.length && open.some((connection) => !connection.isIdle);
    if (!atWork) for (const connection of silent) void this.#pingSilent(connection);
  }

  /** Pings a connection, and reports a node that answers in time, but slowly. */
  async #pingSilent(connection: SecopConnection): Promise<void> {
    const seconds = await connection.ping().catch(() => 0);
    if (seconds < connection.timeout / 2) return;
    this.#listener.problem(`the node is slow: it took ${seconds.toFixed(1)} s for a ping`);
  }

  #lost(reason: string): void {
    const wasOpen = this.#watch !== undefined;
    const evicted = this.#hasSecond && monotonicTime() - this.#requestsTried < EVICTION;
    this.close(reason);
    if (wasOpen) this.#options.onLost(reason, evicted);
  }
}
