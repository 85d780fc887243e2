/** The iopub socket, on which the kernel publishes. */

import { isUtf8 } from "node:buffer";
import { setTimeout } from "node:timers/promises";
import { XPublisher } from "zeromq";
import type { SocketSecurity } from "./connection";
import type { SendingSocket } from "./socketPump";
import { takeMessages } from "./takeMessages";

/** How long the first cell waits for a front-end to subscribe. */
const SUBSCRIPTION_MS = 1000;

/**
 * A publishing socket that drops no message, however slow its readers are, and knows when the
 * first reader has subscribed.
 */
export class IopubSocket implements SendingSocket {
  readonly #socket: XPublisher;
  #onFirst: () => void = () => {};
  /**
   * Resolves at the first subscription, or a second after `bind` if there is none. A subscription
   * takes effect some time after the front-end believes that it is connected; what is published before
   * is lost for that front-end.
   */
  readonly subscribed = new Promise<void>((resolve) => {
    this.#onFirst = resolve;
  });
  readonly #onSubscription: (topic: string) => void;

  /**
   * @param lingerMs How long a closed socket continues to send messages that are still queued.
   * @param onSubscription Called when a subscription to a topic (with "", to all) has taken effect.
   */
  constructor(lingerMs: number, onSubscription: (topic: string) => void) {
    // Each front-end is welcome, not only the first that subscribes to a topic.
    this.#socket = new XPublisher({ sendHighWaterMark: 0, linger: lingerMs, verbosity: "allSubs" });
    this.#onSubscription = onSubscription;
  }

  /** Encrypts the socket; call it before `bind`. */
  secure(security: SocketSecurity): void {
    Object.assign(this.#socket, security);
  }

  async bind(address: string): Promise<void> {
    await this.#socket.bind(address);
    void takeMessages(this.#socket, ([frame]) => this.#receive(frame));
    void setTimeout(SUBSCRIPTION_MS, undefined, { ref: false }).then(this.#onFirst);
  }

  /** A subscription begins with the byte 1, its end with 0; the topic follows. */
  #receive(frame: Buffer | undefined): void {
    if (frame?.[0] !== 1) return;
    this.#onFirst();
    const topic = frame.subarray(1);
    if (isUtf8(topic)) this.#onSubscription(topic.toString());
  }

  send(frames: (Buffer | string | Uint8Array)[]): Promise<void> {
    return this.#socket.send(frames);
  }

  close(): void {
    this.#socket.close();
  }
}
