// One request under way: who waits for its reply, and until when.

import { SecopTimeoutError } from "../../errors";
import { afterSeconds } from "../../timeLimit";
import type { PendingReply, Reply } from "./pendingReplies";

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Seconds the caller waits; default the node's own timeout. */
  readonly timeout?: number | undefined;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: unknown): void;
  /** The node still owes the reply when nobody waits for it any more and no node may take that long. */
  overdue(reason: string): void;
}

/**
 * The caller waits until its own deadline or abort; the node owes the reply until its timeout, or the caller's if that
 * is longer. In between a reply is still taken for this request, so that it cannot be taken for the next one like it.
 */
export class Request implements PendingReply {
  readonly action: string;
  readonly specifier: string;
  settle: ((reply: Reply) => void) | undefined;
  readonly #waiting: Waiting;
  readonly #signal: AbortSignal | undefined;
  readonly #owedUntil: number;
  readonly #owedFor: number;
  #cancel: () => void;

  constructor(action: string, specifier: string, nodeTimeout: number, options: RequestOptions, waiting: Waiting) {
    this.action = action;
    this.specifier = specifier;
    this.#waiting = waiting;
    this.#signal = options.signal;
    const timeout = options.timeout ?? nodeTimeout;
    this.#owedFor = Math.max(timeout, nodeTimeout);
    this.#owedUntil = performance.now() / 1000 + this.#owedFor;
    this.#cancel = afterSeconds(timeout, () => this.#giveUp(new SecopTimeoutError(this.#noAnswer(timeout))));
    this.#signal?.addEventListener("abort", this.#abort, { once: true });
    this.settle = (reply) => {
      this.#leave();
      waiting.resolve(reply);
    };
  }

  /** The node owes nothing any more. */
  paid(): void {
    this.#cancel();
  }

  /** Rejects if somebody still waits. */
  fail(error: unknown): void {
    this.#cancel();
    if (!this.settle) return;
    this.#leave();
    this.#waiting.reject(error);
  }

  readonly #abort = () => this.#giveUp(this.#signal?.reason);

  #noAnswer(seconds: number): string {
    return `no answer to "${this.action}${this.specifier === "" ? "" : ` ${this.specifier}`}" within ${seconds} s`;
  }

  #giveUp(error: unknown): void {
    this.fail(error);
    const rest = this.#owedUntil - performance.now() / 1000;
    const overdue = () => this.#waiting.overdue(this.#noAnswer(this.#owedFor));
    if (rest <= 0.001) overdue();
    else this.#cancel = afterSeconds(rest, overdue);
  }

  #leave(): void {
    this.settle = undefined;
    this.#signal?.removeEventListener("abort", this.#abort);
  }
}
