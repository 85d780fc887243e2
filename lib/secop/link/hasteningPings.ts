/** Pings that make a node without TCP_NODELAY send what its system holds back. */

// Such a system sends a small message only when the earlier ones are acknowledged (Nagle's algorithm), which
// our system does 40 ms later unless there is something to send (delayed acknowledgement).

import { nextTurn } from "../../clock";
import type { PendingRequest } from "./pendingRequest";

/** The most pings for requests that were sent together, since one of them may take long by itself. */
const MOST_FOR_REQUESTS = 3;

/** Sends one ping for all that arrived in a turn of the event loop, if more is awaited. */
export class HasteningPings {
  /** While true, every batch of updates is answered with a ping. */
  followUpdates = false;
  readonly #ping: () => void;
  /** Cancels the ping that is sent in the next turn. */
  #cancel: (() => void) | undefined;
  /** The request that was sent last, if it is a read or change, until its reply comes. */
  #newest: PendingRequest | undefined;
  /** The reads and changes that were sent since the newest one of them was last answered. */
  readonly #together = new Set<PendingRequest>();
  /** The pings since the newest request was sent. */
  #count = 0;
  #isForRequests = false;

  constructor(ping: () => void) {
    this.#ping = ping;
  }

  /** A request was sent. */
  sent(request: PendingRequest): void {
    const { action } = request;
    if (action === "read" || action === "change") {
      this.#newest = request;
      this.#together.add(request);
      this.#count = 0;
    } else if (action !== "ping") {
      // While a node works on a command it may be unable to answer a ping.
      this.#newest = undefined;
    }
  }

  /** An update has arrived. */
  updated(): void {
    if (this.followUpdates) this.#plan();
  }

  /** A request was answered. The replies to those that were sent together with it may be held back. */
  answered(request: PendingRequest): void {
    this.#together.delete(request);
    if (request === this.#newest) {
      this.#newest = undefined;
      this.#together.clear();
    }
    // If only one request is left after a ping was answered, no other reply holds it back.
    const others = request.action === "ping" ? 1 : 0;
    if (!this.#newest || this.#together.size <= others || this.#count >= MOST_FOR_REQUESTS) return;
    this.#isForRequests = true;
    this.#plan();
  }

  /** The connection has ended. */
  end(): void {
    this.#cancel?.();
  }

  #plan(): void {
    this.#cancel ??= nextTurn(() => {
      this.#cancel = undefined;
      const isForRequests = this.#isForRequests && this.#newest !== undefined;
      this.#isForRequests = false;
      if (!this.followUpdates && !isForRequests) return;
      this.#count += 1;
      this.#ping();
    });
  }
}
