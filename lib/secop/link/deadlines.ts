/** The deadlines of the requests of one connection, watched by one timer. */

import { monotonicTime } from "../../clock";
import { afterSeconds } from "../../timeLimit";
import type { PendingRequest } from "./pendingRequest";

/**
 * Reports the requests whose deadline has passed.
 *
 * A timer for each request would cost more than the rest of the request, and almost all are answered long
 * before their deadline. So one timer waits for the earliest deadline, and looks at the requests that are
 * still there.
 */
export class Deadlines {
  readonly #requests: () => Iterable<PendingRequest>;
  readonly #onOverdue: (request: PendingRequest, reason: string) => void;
  #next = Number.POSITIVE_INFINITY;
  #cancel = () => {};

  /**
   * `requests` gives those without a reply; `onOverdue` is called for each that has waited for too long.
   */
  constructor(requests: () => Iterable<PendingRequest>, onOverdue: (request: PendingRequest, reason: string) => void) {
    this.#requests = requests;
    this.#onOverdue = onOverdue;
  }

  /** Looks at the requests when `monotonicTime` reaches `due` at the latest. */
  lookAt(due: number): void {
    if (due >= this.#next) return;
    this.#cancel();
    this.#next = due;
    // The timer is idle, since a deadline usually passes without effect.
    this.#cancel = afterSeconds(due - monotonicTime(), () => this.#look(), { idle: true });
  }

  /** Ends the timer, for ever. */
  end(): void {
    this.#cancel();
    this.#next = Number.NEGATIVE_INFINITY;
  }

  #look(): void {
    this.#next = Number.POSITIVE_INFINITY;
    const now = monotonicTime();
    for (const request of this.#requests()) {
      const overdue = request.due <= now ? request.deadlinePassed() : undefined;
      if (overdue !== undefined) this.#onOverdue(request, overdue);
      else this.lookAt(request.due);
    }
  }
}
