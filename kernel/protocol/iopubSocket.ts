/** The iopub socket, on which the kernel publishes. */

import { setTimeout } from "node:timers/promises";
import { XPublisher } from "zeromq";
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
  #onSubscription: () => void = () => {};
  /**
   * Resolves at the first subscription, or a second after `bind` if there is none. A subscription
   * takes effect some time after the front-end believes that it is connected; what is published before
   * is lost for that front-end.
   */
  readonly subscribed = new Promise<void>((resolve) => {
    this.#onSubscription = resolve;
  });

  /** @param lingerMs How long a closed socket continues to send messages that are still queued. */
  constructor(lingerMs: number) {
    this.#socket = new XPublisher({ sendHighWaterMark: 0, linger: lingerMs });
  }

  async bind(address: string): Promise<void> {
    await this.#socket.bind(address);
    void takeMessages(this.#socket, () => this.#onSubscription());
    void setTimeout(SUBSCRIPTION_MS, undefined, { ref: false }).then(this.#onSubscription);
  }

  send(frames: (Buffer | string | Uint8Array)[]): Promise<void> {
    return this.#socket.send(frames);
  }

  close(): void {
    this.#socket.close();
  }
}
