/** One request that was sent: the caller that waits for its reply, and the deadlines. */

import { monotonicTime } from "../../clock";
import { SecopTimeoutError } from "../../errors";
import { afterSeconds } from "../../timeLimit";
import type { RawMessage } from "../wire/secopMessage";
import type { PendingReply } from "./pendingReplies";

/** The timeout of a request, and the signal that ends it. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Seconds that the caller waits. Default: the timeout of the node. */
  readonly timeout?: number | undefined;
}

/** The caller of a request. */
interface Caller {
  resolve(reply: RawMessage): void;
  reject(error: unknown): void;
}

/**
 * A request that was sent. The caller waits until its own deadline or abort; the node owes the reply until
 * its timeout, or the caller's if that is longer. In between a reply still belongs to this request, so that
 * it cannot be taken for the reply to the next one like it.
 */
export class PendingRequest implements PendingReply {
  readonly action: string;
  readonly specifier: string;
  /** False once the caller no longer waits (deadline, abort), while the node still owes the reply. */
  isAwaited = true;
  /**
   * When the next of the two deadlines passes; `Infinity` if none does any more. Time of `monotonicTime`. The
   * connection calls `deadlinePassed` then.
   */
  due: number;
  readonly #caller: Caller;
  readonly #signal: AbortSignal | undefined;
  readonly #timeout: number;
  /** Seconds that the node may take, from `#sentAt` on. */
  readonly #owedFor: number;
  readonly #sentAt = monotonicTime();
  /** The message that will count as the reply if no real one comes in time. */
  #offered: RawMessage | undefined;
  /** Cancels the timer of the offer. */
  #cancelOffer: (() => void) | undefined;
  #abort: (() => void) | undefined;

  constructor(action: string, specifier: string, nodeTimeout: number, options: RequestOptions, caller: Caller) {
    this.action = action;
    this.specifier = specifier;
    this.#caller = caller;
    this.#signal = options.signal;
    this.#timeout = options.timeout ?? nodeTimeout;
    this.#owedFor = Math.max(this.#timeout, nodeTimeout);
    this.due = this.#sentAt + this.#timeout;
    if (!this.#signal) return;
    this.#abort = () => {
      this.fail(this.#signal?.reason);
      this.due = this.#sentAt + this.#owedFor;
    };
    this.#signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** Gives the reply to the caller, if it still waits. */
  settle(reply: RawMessage): void {
    if (this.#stopsWaiting()) this.#caller.resolve(reply);
  }

  /**
   * Offers a message as the reply. The newest offer counts if no real reply comes within `seconds` after the
   * first offer.
   */
  settleLater(reply: RawMessage, seconds: number): void {
    this.#offered = reply;
    // The timer is marked, since a replay has to know whether the reply came first.
    this.#cancelOffer ??= afterSeconds(seconds, () => this.settle(this.#offered as RawMessage), { wakes: true });
  }

  /** Rejects, if the caller still waits. */
  fail(error: unknown): void {
    if (this.#stopsWaiting()) this.#caller.reject(error);
  }

  /**
   * Rejects, if the caller still waits.
   *
   * @returns a text for a node that has owed the reply for too long; undefined if it has some time left
   */
  deadlinePassed(): string | undefined {
    this.fail(new SecopTimeoutError(this.#noAnswer(this.#timeout)));
    const owedUntil = this.#sentAt + this.#owedFor;
    const isOverdue = owedUntil <= this.due;
    this.due = isOverdue ? Number.POSITIVE_INFINITY : owedUntil;
    return isOverdue ? this.#noAnswer(this.#owedFor) : undefined;
  }

  #noAnswer(seconds: number): string {
    return `no answer to "${this.action}${this.specifier === "" ? "" : ` ${this.specifier}`}" within ${seconds} s`;
  }

  /** @returns whether the caller waited until now */
  #stopsWaiting(): boolean {
    if (!this.isAwaited) return false;
    this.isAwaited = false;
    this.#cancelOffer?.();
    if (this.#abort) this.#signal?.removeEventListener("abort", this.#abort);
    return true;
  }
}
