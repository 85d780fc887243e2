/** The connection of a node device to its node. */

import { BehaviorSubject, first, type Observable, type Subscription } from "rxjs";
import { timeNow } from "../../clock";
import type { LostConnection } from "../../core/protocols/lostConnection";
import { currentHost } from "../../display/host";
import { CommunicationFailedError, errorText } from "../../errors";
import { IsolatedObservable } from "../../isolatedObservable";
import { type Log, type LogLevel, openLog, reportError } from "../../log";
import { printable } from "../../printable";
import type { Cache } from "../../secop/cache/cache";
import { type ClientState, SecopClient } from "../../secop/client";
import type { NodeDescription } from "../../secop/description/description";
import { RENEWED } from "../../secop/wire/transport/index";
import { parseUri } from "../../secop/wire/uri";
import type { NodeLink } from "../module/nodeLink";

export interface NodeConnectionOptions {
  /** Lowest level that is logged; DEBUG logs every protocol message. Default INFO. */
  readonly logLevel?: LogLevel;
  /** Directory of the log file, which several nodes can share. Default `.secop-lab/`. */
  readonly logDir?: string;
  /** Seconds for connecting and for each request. Default: what the node declares, else 10. */
  readonly timeout?: number;
}

const NEVER: ClientState = {
  name: "disconnected",
  reason: "it was never connected: await node.connect() or initDevices({...})",
};

/** Opens and closes the client of a node, and passes on its state and its updates. */
export class NodeConnection implements NodeLink {
  readonly address: string;
  /** Called when the node has another description after a reconnect. */
  onDescription: (description: NodeDescription) => void = () => {};
  readonly #uri: string;
  readonly #options: NodeConnectionOptions;
  readonly #state = new BehaviorSubject<ClientState>(NEVER);
  readonly #clients = new Set<(client: SecopClient) => void>();
  readonly #lost = new Set<(reason: string) => void>();
  #lostConnection: LostConnection | undefined;
  #client: SecopClient | undefined;
  /** The client that is connecting now. */
  #pending: SecopClient | undefined;
  #opening: Promise<SecopClient> | undefined;
  #subscriptions: Subscription[] = [];
  #mocked = false;
  #forget = () => {};
  /** Shows a line to the user, in the cell that connected the node. */
  #say: (text: string) => void = () => {};

  constructor(uri: string, options: NodeConnectionOptions) {
    this.#uri = uri;
    this.#options = options;
    this.address = parseUri(uri).text;
  }

  get client(): SecopClient {
    if (this.#client) return this.#client;
    throw new CommunicationFailedError(`${this.address} is not connected: ${this.state.reason}`);
  }

  get cache(): Cache | undefined {
    return this.#client?.cache;
  }

  get mocked(): boolean {
    return this.#mocked;
  }

  mock(): void {
    this.#mocked = true;
  }

  get state(): ClientState {
    return this.#state.value;
  }

  get state$(): Observable<ClientState> {
    return new IsolatedObservable(this.#state, (text) => reportError(this.address, text));
  }

  get lost(): LostConnection | undefined {
    return this.state.name === "reconnecting" ? this.#lostConnection : undefined;
  }

  async ping(): Promise<unknown> {
    return this.#mocked ? undefined : await this.client.ping();
  }

  onLost(fn: (reason: string) => void): () => void {
    this.#lost.add(fn);
    return () => this.#lost.delete(fn);
  }

  onClient(fn: (client: SecopClient) => void): () => void {
    if (this.#client) fn(this.#client);
    this.#clients.add(fn);
    return () => this.#clients.delete(fn);
  }

  /** Connects, or waits for the attempt under way. `namespace` is the name of the node in the log. */
  open(namespace: string, timeout: number | undefined): Promise<SecopClient> {
    if (this.#opening) return this.#opening;
    const opening = this.#open(namespace, timeout).catch((error: unknown) => {
      // After a `close` meanwhile, this may be another attempt.
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    });
    this.#opening = opening;
    return opening;
  }

  async close(): Promise<void> {
    this.#opening = undefined;
    this.#forget();
    await this.#pending?.close();
    await this.#client?.close();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#subscriptions = [];
  }

  async #open(namespace: string, timeout = this.#options.timeout): Promise<SecopClient> {
    const log = openLog(namespace, {
      ...(this.#options.logLevel && { level: this.#options.logLevel }),
      ...(this.#options.logDir !== undefined && { dir: this.#options.logDir }),
    });
    const client = new SecopClient(this.#uri, { timeout, log, ...traceTo(log) });
    this.#say = currentHost().bind((text) => console.warn(printable(`${namespace}: ${text}`)));
    // Subscribed before connecting, because the connection may be lost while it is made.
    this.#subscriptions = [
      client.state$.subscribe((state) => this.#enter(state)),
      client.descriptionChanged$.subscribe(({ after }) => this.onDescription(after)),
    ];
    this.#pending = client;
    try {
      await client.connect();
    } catch (error) {
      await client.close();
      this.#state.next({ name: "disconnected", reason: errorText(error) });
      throw error;
    } finally {
      this.#pending = undefined;
    }
    this.#client = client;
    for (const fn of [...this.#clients]) fn(client);
    this.#forget = currentHost().onShutdown(() => this.close());
    log.info(`connected to ${this.address}`);
    return client;
  }

  #lostNow(reason: string): LostConnection {
    const back = this.#state.pipe(first(({ name }) => name === "connected" || name === "closed"));
    const restored = new Promise<void>((resolve) => {
      // Subscribed later, when the state is "reconnecting".
      queueMicrotask(() => back.subscribe({ next: () => resolve(), error: () => resolve() }));
    });
    return { place: this.address, reason, since: timeNow(), restored };
  }

  /** Shows the user that the connection was lost, or is there again. */
  #tell(was: ClientState, state: ClientState): void {
    const isLoss = was.name === "connected" || isRenewed(was);
    if (isLoss && state.name === "reconnecting" && !isRenewed(state)) {
      this.#say(`lost the connection to ${this.address}, trying again: ${state.reason}`);
    } else if (was.name === "reconnecting" && !isRenewed(was) && state.name === "connected") {
      this.#say(`connected again to ${this.address}`);
    }
  }

  #enter(state: ClientState): void {
    const was = this.state;
    const before = was.name;
    if (before === "connected" && state.name === "reconnecting") this.#lostConnection = this.#lostNow(state.reason);
    this.#state.next(state);
    this.#tell(was, state);
    if (before !== "connected" || state.name === "connected") return;
    for (const fn of [...this.#lost]) {
      try {
        fn(state.reason);
      } catch (error) {
        reportError(`${this.address}: a listener of the connection failed`, error);
      }
    }
  }
}

/** Whether the client connects again for a recording: the user need not know, as nothing is wrong. */
const isRenewed = ({ name, reason }: ClientState): boolean => name === "reconnecting" && reason === RENEWED;

/** The option that logs every message, at the level DEBUG only. */
function traceTo(log: Log): { trace?: (direction: "<" | ">", line: string) => void } {
  return log.enabled("DEBUG") ? { trace: (direction, line) => log.debug(`${direction} ${line}`) } : {};
}
