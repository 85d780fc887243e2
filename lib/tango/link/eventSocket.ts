/**
 * The ZeroMQ connections over which Tango servers publish events: one per server, shared by its attributes.
 */

import type { Subscriber } from "zeromq";
import { SharedPool } from "../../core/signal/sharedPool";
import { withDeadline } from "../../core/status/deadline";
import { reportError } from "../../log";

/** Receives the parts of a message after its topic. */
type OnMessage = (parts: readonly Uint8Array[]) => void;

/** Seconds after which a server whose events cannot be reached counts as one without events. */
const HANDSHAKE_TIMEOUT = 2;
/** A pause after a subscription, in which the server receives it. */
const SETTLE_MS = 20;

/** A connection to the events of one server. */
export class EventSocket {
  readonly #endpoint: string;
  readonly #listeners = new Map<string, Set<OnMessage>>();
  #socket: Promise<Subscriber> | undefined;
  #closed = false;

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Calls `fn` with each message of a topic; resolves when the server sends them. */
  async listen(topic: string, fn: OnMessage): Promise<() => void> {
    this.#socket ??= this.#open();
    const socket = await this.#socket;
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    if (listeners.size === 0) socket.subscribe(topic);
    listeners.add(fn);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return () => {
      listeners.delete(fn);
      if (listeners.size > 0 || this.#closed || this.#listeners.get(topic) !== listeners) return;
      this.#listeners.delete(topic);
      socket.unsubscribe(topic);
    };
  }

  close(): void {
    this.#closed = true;
    this.#socket?.then(
      (socket) => socket.close(),
      () => {},
    );
  }

  /** Loads ZeroMQ, which only devices with events need, and connects. */
  async #open(): Promise<Subscriber> {
    const { Subscriber } = await import("zeromq");
    const socket = new Subscriber({ linger: 0 });
    const handshake = async () => {
      // The events of the socket are observed before it connects, so that none is missed.
      const { events } = socket;
      socket.connect(this.#endpoint);
      for await (const event of events) if (event.type === "handshake") return;
    };
    try {
      await withDeadline(handshake, { timeout: HANDSHAKE_TIMEOUT }, `events of ${this.#endpoint}`);
    } catch (error) {
      socket.close();
      throw error;
    }
    void this.#receive(socket);
    return socket;
  }

  async #receive(socket: Subscriber): Promise<void> {
    try {
      for await (const [topic, ...parts] of socket) {
        for (const fn of [...(this.#listeners.get(topic?.toString("utf8") ?? "") ?? [])]) fn(parts);
      }
    } catch (error) {
      if (!this.#closed) reportError(`the events of ${this.#endpoint} ended`, error);
    }
  }
}

/** The connections in use, by their endpoints. */
export const eventSockets = new SharedPool<EventSocket>((socket) => socket.close());
