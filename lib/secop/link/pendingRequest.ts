/** One request that was sent: who waits for its reply, and until when. */

import { monotonicTime } from "../../clock";
import { SecopTimeoutError } from "../../errors";
import { afterSeconds } from "../../timeLimit";
import type { RawMessage } from "../wire/secopMessage";
import type { PendingReply } from "./pendingReplies";

/** How long a request may take, and what ends it. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Seconds the caller waits; default the node's own timeout. */
  readonly timeout?: number | undefined;
}

/** Nobody waits for a deadline. */
const LIMIT = { idle: true };

/** The caller of a request. */
interface Caller {
  resolve(reply: RawMessage): void;
  reject(error: unknown): void;
  /** The node did not reply within the longest time it may take. */
  overdue(reason: string): void;
}

/**
 * The caller waits until its own deadline or abort; the node owes the reply until its timeout, or the
 * caller's if that is longer. In between a reply still belongs to this request, so that it cannot be taken
 * for the reply to the next one like it.
 */
export class PendingRequest implements PendingReply {
  readonly action: string;
  readonly specifier: string;
  settle: ((reply: RawMessage) => void) | undefined;
  readonly #caller: Caller;
  readonly #signal: AbortSignal | undefined;
  readonly #owedUntil: number;
  readonly #owedFor: number;
  #cancel: () => void;
  /** The message that will count as the reply if no real one comes in time, and what cancels that. */
  #offered: RawMessage | undefined;
  #cancelOffer: (() => void) | undefined;

  constructor(action: string, specifier: string, nodeTimeout: number, options: RequestOptions, caller: Caller) {
    this.action = action;
    this.specifier = specifier;
    this.#caller = caller;
    this.#signal = options.signal;
    const timeout = options.timeout ?? nodeTimeout;
    this.#owedFor = Math.max(timeout, nodeTimeout);
    this.#owedUntil = monotonicTime() + this.#owedFor;
    this.#cancel = afterSeconds(timeout, () => this.#giveUp(new SecopTimeoutError(this.#noAnswer(timeout))), LIMIT);
    this.#signal?.addEventListener("abort", this.#abort, { once: true });
    this.settle = (reply) => {
      this.#stopWaiting();
      caller.resolve(reply);
    };
  }

  /**
   * Offers a message as the reply. The newest offer counts if no real reply comes within `seconds` after the
   * first offer.
   */
  settleLater(reply: RawMessage, seconds: number): void {
    this.#offered = reply;
    // A replay has to know whether the reply came first.
    this.#cancelOffer ??= afterSeconds(seconds, () => this.settle?.(this.#offered as RawMessage), { wakes: true });
  }

  /** The reply came: the node owes nothing any more. */
  paid(): void {
    this.#cancel();
  }

  /** Rejects, if the caller still waits. */
  fail(error: unknown): void {
    this.#cancel();
    if (!this.settle) return;
    this.#stopWaiting();
    this.#caller.reject(error);
  }

  readonly #abort = () => this.#giveUp(this.#signal?.reason);

  #noAnswer(seconds: number): string {
    return `no answer to "${this.action}${this.specifier === "" ? "" : ` ${this.specifier}`}" within ${seconds} s`;
  }

  #giveUp(error: unknown): void {
    this.fail(error);
    const rest = this.#owedUntil - monotonicTime();
    const overdue = () => this.#caller.overdue(this.#noAnswer(this.#owedFor));
    if (rest <= 0.001) overdue();
    else this.#cancel = afterSeconds(rest, overdue, LIMIT);
  }

  #stopWaiting(): void {
    this.settle = undefined;
    this.#cancelOffer?.();
    this.#signal?.removeEventListener("abort", this.#abort);
  }
}
