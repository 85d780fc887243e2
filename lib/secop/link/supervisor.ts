// Keeps the link to a node alive: notices its loss, connects again, tells about it.

import { BehaviorSubject, type Observable } from "rxjs";
import { AbortError, CommunicationFailedError, errorText, UsageError } from "../../errors";
import { delayFor } from "../../timeLimit";
import type { NodeAddress } from "../wire/uri";
import { Backoff, type Pauses } from "./backoff";
import { Session, type SessionEvents, type SessionOptions } from "./nodeSession";
import { withSignals } from "./withSignals";

export interface ClientState {
  readonly name: "disconnected" | "connecting" | "connected" | "reconnecting" | "closed";
  /** Why it is so, in words; empty while all is well. */
  readonly reason: string;
}

/** Before another attempt. */
const PAUSES: Pauses = { first: 0.5, longest: 10 };

/** Told before observers of the state are. */
export interface LinkListener {
  opened(session: Session): void;
  lost(reason: string): void;
}

export class Supervisor {
  readonly #address: NodeAddress;
  readonly #options: Omit<SessionOptions, "signal">;
  readonly #events: Omit<SessionEvents, "lost">;
  readonly #link: LinkListener;
  readonly #pauses: Pauses;
  readonly #state = new BehaviorSubject<ClientState>({ name: "disconnected", reason: "not connected yet" });
  readonly #life = new AbortController();
  #session: Session | undefined;
  #connecting: Promise<void> | undefined;
  /** The node closed the first connection for the second: the next session makes do with one. */
  #evicted = false;

  constructor(
    address: NodeAddress,
    options: Omit<SessionOptions, "signal">,
    events: Omit<SessionEvents, "lost">,
    link: LinkListener,
    pauses = PAUSES,
  ) {
    this.#address = address;
    this.#options = options;
    this.#events = events;
    this.#link = link;
    this.#pauses = pauses;
  }

  get state(): ClientState {
    return this.#state.value;
  }

  get state$(): Observable<ClientState> {
    return this.#state.asObservable();
  }

  /** The link as long as it lives. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** Connects once; rejects if that fails. From then on the link is kept. */
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
    this.#link.lost("the client is closed");
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
    const session = await Session.open(
      this.#address,
      { ...this.#options, connections, signal },
      { ...this.#events, lost: (reason, evicted) => this.#lost(reason, evicted) },
    );
    if (signal.aborted) {
      session.close();
      throw signal.reason;
    }
    this.#session = session;
    this.#link.opened(session);
    this.#enter("connected", "");
  }

  #lost(reason: string, evicted: boolean): void {
    this.#session = undefined;
    this.#evicted = evicted;
    this.#link.lost(reason);
    this.#enter("reconnecting", reason);
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    const { signal } = this.#life;
    const backoff = new Backoff(this.#pauses);
    // the node is there: it closed the first connection only because of the second
    for (let pause = this.#evicted ? 0 : backoff.next(); !signal.aborted; pause = backoff.next()) {
      await delayFor(pause, signal);
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
