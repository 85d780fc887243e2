// One life of the link to a node, from identification to loss: a connection for updates and, if the node allows, one
// for requests.

import { BadJSONError, errorText } from "../../errors";
import { delayFor } from "../../timeLimit";
import type { NodeDescription } from "../description/description";
import { parseDescription } from "../description/parseDescription";
import { parseErrorReport, reportedError } from "../wire/errorReport";
import { parseRoundedJson } from "../wire/json";
import type { NodeAddress } from "../wire/uri";
import { Backoff, type Pauses } from "./backoff";
import type { Reply } from "./pendingReplies";
import type { RequestOptions } from "./request";
import { BY_US, Connection, type ConnectionEvents } from "./secopConnection";

/** Which connection something came over: order holds within one only. */
export type Source = "first" | "second";

export interface SessionOptions {
  /** Seconds; overrides the node's own. */
  readonly timeout: number | undefined;
  readonly signal: AbortSignal;
  /** Whether to keep all parameters up to date, or those of some modules. */
  readonly activate: boolean | readonly string[];
  /** 2 to ask for a connection of its own for requests. */
  readonly connections: 1 | 2;
}

export interface SessionEvents {
  /** The description arrived; called before the first update. */
  described(description: NodeDescription): void;
  update(specifier: string, json: string | undefined, isError: boolean, source: Source): void;
  message(message: Reply): void;
  problem(text: string): void;
  /** `evicted` if a node that allows one connection only may have closed the first because of the second. */
  lost(reason: string, evicted: boolean): void;
  trace?: ((direction: "<" | ">", line: string) => void) | undefined;
}

export interface SourcedReply {
  readonly reply: Reply;
  readonly source: Source;
}

/** Spec: the reply timeout of a node that declares none. Seconds. */
const DEFAULT_TIMEOUT = 10;

/** A connection that was silent for this long is asked for a sign of life. Seconds. */
const SILENCE = 5;

/** A first connection lost this soon after the second was asked for was probably closed for it. Seconds. */
const EVICTION = 1;

/** Before the second connection is opened again; one that lived for longer than the longest starts anew. */
const PAUSES: Pauses = { first: 0.5, longest: 10 };

export class Session {
  readonly #address: NodeAddress;
  readonly #options: SessionOptions;
  readonly #events: SessionEvents;
  readonly #life = new AbortController();
  #first!: Connection;
  #second: Connection | undefined;
  #secondTried = Number.NEGATIVE_INFINITY;
  #switched = false;
  /** Callers' requests that the first connection owes a reply. */
  #onFirst = 0;
  #hastening: NodeJS.Immediate | undefined;
  #watch: NodeJS.Timeout | undefined;
  #pings = 0;

  private constructor(address: NodeAddress, options: SessionOptions, events: SessionEvents) {
    this.#address = address;
    this.#options = options;
    this.#events = events;
  }

  /** Identifies, describes, activates. Rejects with one clear line and leaves nothing open. */
  static async open(address: NodeAddress, options: SessionOptions, events: SessionEvents): Promise<Session> {
    const session = new Session(address, options, events);
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
  async request(action: string, specifier: string, data: unknown, options?: RequestOptions): Promise<SourcedReply> {
    const connection = this.#forRequests();
    if (connection !== this.#first) {
      return { reply: await connection.request(action, specifier, data, options), source: "second" };
    }
    this.#onFirst += 1;
    if (options?.timeout === Number.POSITIVE_INFINITY && connection.isIdle) this.#askBefore(connection);
    try {
      return { reply: await connection.request(action, specifier, data, options), source: "first" };
    } finally {
      this.#onFirst -= 1;
    }
  }

  /**
   * A request that may take any time shows no loss of its own, and where it never arrived the system repeats it for a quarter of an
   * hour instead of looking for the other end. So the node, which has nothing else to do, answers a ping first.
   */
  #askBefore(connection: Connection): void {
    this.ping(connection).catch(() => {});
  }

  /** Sends a request for what comes with the updates, so over their connection. */
  requestEvents(action: string, specifier: string, data: unknown): Promise<Reply> {
    return this.#first.request(action, specifier, data);
  }

  /** Round trip in seconds. */
  async ping(connection = this.#forRequests(), options?: RequestOptions): Promise<number> {
    this.#pings += 1;
    const start = performance.now();
    await connection.request("ping", `${this.#pings}`, undefined, options);
    return (performance.now() - start) / 1000;
  }

  close(reason = BY_US): void {
    this.#life.abort(new Error(reason));
    clearInterval(this.#watch);
    clearImmediate(this.#hastening);
    this.#first?.close(reason);
    this.#second?.close(reason);
  }

  async #open(): Promise<void> {
    const { timeout = DEFAULT_TIMEOUT, connections, activate } = this.#options;
    this.#first = await Connection.open(
      this.#address,
      { timeout, signal: this.#life.signal, updatesAnswerReads: activate !== false },
      this.#eventsOf("first", (reason) => this.#lost(reason)),
    );
    const description = await this.#describe();
    this.#first.timeout = this.#options.timeout ?? description.timeout ?? DEFAULT_TIMEOUT;
    this.#events.described(description);
    if (activate !== false) await this.#activate(activate === true ? [] : activate);
    this.#startWatch();
    if (connections === 2) void this.#keepSecond(timeout);
  }

  async #describe(): Promise<NodeDescription> {
    const reply = await this.#first.request("describe", "", undefined);
    const tried = `cannot describe ${this.#address.text}`;
    if (reply.action !== "describing") throw reportedError(tried, parseErrorReport(reply.json));
    try {
      return parseDescription(parseRoundedJson(reply.json ?? "null"));
    } catch (cause) {
      throw new BadJSONError(`${tried}: the description is no JSON (${errorText(cause)})`, { cause });
    }
  }

  /** Module by module if asked so, all at once if not or if the node cannot. */
  async #activate(modules: readonly string[]): Promise<void> {
    for (const module of modules) {
      const reply = await this.#first.request("activate", module, undefined);
      if (reply.action === "active" && reply.specifier !== "") continue;
      if (reply.action === "active") return;
      return this.#activate([]);
    }
    if (modules.length > 0) return;
    const reply = await this.#first.request("activate", "", undefined);
    if (reply.action === "active") return;
    const error = reportedError(`cannot activate ${this.#address.text}`, parseErrorReport(reply.json));
    this.#events.problem(`${error.message}: values are those of the last read`);
  }

  #forRequests(): Connection {
    if (!this.#second) return this.#first;
    // requests keep their order: what was sent over the first connection is answered before the second one is used
    this.#switched ||= this.#onFirst === 0;
    return this.#switched ? this.#second : this.#first;
  }

  /** Opens the second connection, and again when it is lost; a node that refuses the first attempt keeps to one. */
  async #keepSecond(timeout: number): Promise<void> {
    const { signal } = this.#life;
    const backoff = new Backoff(PAUSES);
    let everOpened = false;
    while (!signal.aborted) {
      try {
        const reason = await this.#useSecond(timeout);
        everOpened = true;
        if (performance.now() - this.#secondTried > PAUSES.longest * 1000) backoff.reset();
        this.#events.problem(`the connection for requests was lost: ${reason}`);
      } catch (error) {
        if (signal.aborted) return;
        this.#events.problem(`there is no second connection for requests: ${errorText(error)}`);
        if (!everOpened) return;
      }
      await delayFor(backoff.next(), signal);
    }
  }

  /** Opens the second connection and uses it until it is lost; resolves with the reason. */
  async #useSecond(timeout: number): Promise<string> {
    let tellLost: (reason: string) => void = () => {};
    const lost = new Promise<string>((resolve) => {
      tellLost = resolve;
    });
    const options = { timeout, signal: this.#life.signal, updatesAnswerReads: false };
    this.#secondTried = performance.now();
    const second = await Connection.open(this.#address, options, this.#eventsOf("second", tellLost));
    second.timeout = this.#first.timeout;
    this.#second = second;
    try {
      return await lost;
    } finally {
      this.#second = undefined;
      this.#switched = false;
    }
  }

  #eventsOf(source: Source, lost: (reason: string) => void): ConnectionEvents {
    const events = this.#events;
    return {
      update: (specifier, json, isError) => {
        if (this.#watch === undefined) this.#hasten();
        events.update(specifier, json, isError, source);
      },
      message: (message) => events.message(message),
      problem: (text) => events.problem(text),
      lost,
      trace: events.trace,
    };
  }

  /**
   * While activating: without TCP_NODELAY a node's system keeps updates back until those before are acknowledged, which
   * ours does 40 ms later, unless there is something to send. So every batch of updates is answered with a ping.
   */
  #hasten(): void {
    this.#hastening ??= setImmediate(() => {
      this.#hastening = undefined;
      if (this.#watch === undefined) this.ping(this.#first).catch(() => {});
    });
  }

  #startWatch(): void {
    const seen = new WeakMap<Connection, number>();
    const interval = Math.min(SILENCE, this.#first.timeout / 2);
    this.#watch = setInterval(() => this.#askSilent(seen), interval * 1000);
  }

  /** Asks silent connections for a sign of life; one that gives none within the node's timeout is lost. */
  #askSilent(seen: WeakMap<Connection, number>): void {
    const open = [this.#first, this.#second].filter((connection) => connection !== undefined);
    const silent = open.filter((connection) => seen.get(connection) === connection.received);
    for (const connection of open) seen.set(connection, connection.received);
    // a node that works on a request may be unable to answer anything else; that request has its own deadline
    const atWork = silent.length === open.length && open.some((connection) => !connection.isIdle);
    if (!atWork) for (const connection of silent) void this.#askForLife(connection);
  }

  /** A silent node is told apart from a slow one: that answers, but late enough to be mentioned. */
  async #askForLife(connection: Connection): Promise<void> {
    const seconds = await this.ping(connection).catch(() => 0);
    if (seconds < connection.timeout / 2) return;
    this.#events.problem(`the node is slow: it took ${seconds.toFixed(1)} s for a ping`);
  }

  #lost(reason: string): void {
    const wasOpen = this.#watch !== undefined;
    const evicted = performance.now() - this.#secondTried < EVICTION * 1000;
    this.close(reason);
    if (wasOpen) this.#events.lost(reason, evicted);
  }
}
