/** Keeps the link to a node: notices its loss, connects again, and publishes the state of the link. */

import { BehaviorSubject, type Observable } from "rxjs";
import { AbortError, CommunicationFailedError, errorText, UsageError } from "../../errors";
import { delayFor } from "../../timeLimit";
import { withSignals } from "../../withSignals";
import { RENEWED } from "../wire/transport/index";
import type { NodeAddress } from "../wire/uri";
import { Backoff, type Pauses } from "./backoff";
import type { LinkListener } from "./linkListener";
import { NodeSession, type NodeSessionOptions } from "./nodeSession";

/** The state of the link to a node. */
export interface ClientState {
  readonly name: "disconnected" | "connecting" | "connected" | "reconnecting" | "closed";
  /** The reason in words; empty while connected. */
  readonly reason: string;
}

/** Pauses between attempts. */
const PAUSES: Pauses = { first: 0.5, longest: 10 };

/** The options of every session. */
export type LinkOptions = Omit<NodeSessionOptions, "signal" | "onLost">;

/** Connects to a node, and connects again whenever the link is lost. */
export class Supervisor {
  readonly #address: NodeAddress;
  readonly #options: LinkOptions;
  readonly #listener: LinkListener;
  readonly #pauses: Pauses;
  readonly #state = new BehaviorSubject<ClientState>({ name: "disconnected", reason: "not connected yet" });
  readonly #life = new AbortController();
  #session: NodeSession | undefined;
  #connecting: Promise<void> | undefined;
  /**
   * Whether the node closed the first connection because of the second; the next session then has only one.
   */
  #evicted = false;

  constructor(address: NodeAddress, options: LinkOptions, listener: LinkListener, pauses = PAUSES) {
    this.#address = address;
    this.#options = options;
    this.#listener = listener;
    this.#pauses = pauses;
  }

  get state(): ClientState {
    return this.#state.value;
  }

  get state$(): Observable<ClientState> {
    return this.#state.asObservable();
  }

  /** The session while the node is connected. */
  get session(): NodeSession | undefined {
    return this.#session;
  }

  /** Connects; rejects if that fails. Once connected, the link is kept until `close`. */
  async connect(signal?: AbortSignal): Promise<void> {
    if (this.state.name === "closed") {
      throw new UsageError(`the client of ${this.#address.text} is closed: make a new one`);
    }
    if (this.#session) return;
    if (this.state.name === "reconnecting") {
      throw new CommunicationFailedError(`${this.#address.text} is being connected again: ${this.state.reason}`);
    }
    this.#connecting ??= this.#connectFirst(signal).finally(() => {
      this.#connecting = undefined;
    });
    await this.#connecting;
  }

  close(): void {
    if (this.state.name === "closed") return;
    this.#life.abort(new UsageError(`the client of ${this.#address.text} is closed`));
    this.#session?.close();
    this.#session = undefined;
    this.#enter("closed", "closed by this client");
    this.#listener.lost("the client is closed");
    this.#state.complete();
  }

  async #connectFirst(signal: AbortSignal | undefined): Promise<void> {
    this.#enter("connecting", "");
    try {
      await withSignals([signal, this.#life.signal], (either) => this.#open(either));
    } catch (reason) {
      const isAborted = signal?.aborted && reason === signal.reason;
      const error = isAborted ? new AbortError(`cannot connect to ${this.#address.text}`, reason) : reason;
      if (!this.#life.signal.aborted) this.#enter("disconnected", errorText(error));
      throw error;
    }
  }

  async #open(signal: AbortSignal): Promise<void> {
    const connections = this.#evicted ? 1 : this.#options.connections;
    const onLost = (reason: string, evicted: boolean) => this.#lost(reason, evicted);
    const options = { ...this.#options, connections, signal, onLost };
    const session = await NodeSession.open(this.#address, options, this.#listener);
    if (signal.aborted) {
      session.close();
      throw signal.reason;
    }
    this.#session = session;
    this.#listener.opened();
    this.#enter("connected", "");
  }

  #lost(reason: string, evicted: boolean): void {
    this.#session = undefined;
    this.#evicted = evicted;
    this.#listener.lost(reason);
    this.#enter("reconnecting", reason);
    void this.#reconnect(evicted || reason === RENEWED);
  }

  /** @param isThere whether the node is known to run, so that the first attempt needs no pause */
  async #reconnect(isThere: boolean): Promise<void> {
    const { signal } = this.#life;
    const backoff = new Backoff(this.#pauses);
    for (let pause = isThere ? 0 : backoff.next(); !signal.aborted; pause = backoff.next()) {
      await delayFor(pause, signal, { idle: true });
      if (signal.aborted) return;
      try {
        await this.#open(signal);
        return;
      } catch (error) {
        if (!signal.aborted) this.#enter("reconnecting", errorText(error));
      }
    }
  }

  #enter(name: ClientState["name"], reason: string): void {
    if (this.state.name !== name || this.state.reason !== reason) this.#state.next({ name, reason });
  }
}
