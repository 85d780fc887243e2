import { setTimeout } from "node:timers/promises";
import { XPublisher } from "zeromq";
import type { SendingSocket } from "./socketPump";
import { takeMessages } from "./takeMessages";

/** How long to wait for somebody who hears what is published. */
const FIRST_MS = 1000;

/** The socket that publishes. It drops nothing, however slow its readers, and knows whether there are any. */
export class IopubSocket implements SendingSocket {
  readonly #socket: XPublisher;
  #onSubscription: () => void = () => undefined;
  /**
   * Resolves at the first subscription, which takes effect some time after the front-end believes that it is connected; and when
   * there has been none for a second.
   */
  readonly heard = new Promise<void>((resolve) => {
    this.#onSubscription = resolve;
  });

  /** `lingerMs`: how long it keeps sending what is not out yet after it was closed. */
  constructor(lingerMs: number) {
    this.#socket = new XPublisher({ sendHighWaterMark: 0, linger: lingerMs });
  }

  async bind(address: string): Promise<void> {
    await this.#socket.bind(address);
    void takeMessages(this.#socket, () => this.#onSubscription());
    void setTimeout(FIRST_MS, undefined, { ref: false }).then(this.#onSubscription);
  }

  send(frames: (Buffer | string | Uint8Array)[]): Promise<void> {
    return this.#socket.send(frames);
  }

  close(): void {
    this.#socket.close();
  }
}
