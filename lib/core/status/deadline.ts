/** Deadlines of waits: a timeout in seconds, an AbortSignal, or both. */

import { inspect } from "node:util";
import { ClearError } from "../../clearError";
import { AbortError, UsageError } from "../../errors";
import { afterSeconds } from "../../timeLimit";

/** Something did not happen in time. */
export class TimeoutError extends ClearError {
  override readonly name = "TimeoutError";

  /** @internal */
  override advised(advice: string): TimeoutError {
    return new TimeoutError(`${this.message} (${advice})`, { cause: this });
  }
}

/** When to give up a wait. */
export interface DeadlineOptions {
  /** Seconds; null or undefined means that the wait has no end. */
  readonly timeout?: number | null | undefined;
  /** Ends the wait when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `fail` once, when the time is up or the signal aborts.
 *
 * @throws UsageError for a timeout that is not a number.
 * @param what the thing that is awaited, for the message "gave up waiting for <what>".
 * @returns a function that disarms both. Call it when the wait is over.
 */
export function deadline(
  options: DeadlineOptions,
  what: string | (() => string),
  fail: (error: Error) => void,
): () => void {
  const { timeout, signal } = options;
  if (timeout !== undefined && timeout !== null && (typeof timeout !== "number" || Number.isNaN(timeout))) {
    throw new UsageError(`timeout is ${inspect(timeout)}: use a number of seconds, or null for no limit`);
  }
  const words = typeof what === "function" ? what : () => what;
  let cancel = () => {};
  let armed = true;
  const abort = () => {
    if (!armed) return;
    disarm();
    fail(abortion(words(), signal));
  };
  const disarm = () => {
    armed = false;
    cancel();
    signal?.removeEventListener("abort", abort);
  };
  if (timeout !== undefined && timeout !== null && timeout < Number.POSITIVE_INFINITY) {
    const giveUp = () => {
      disarm();
      fail(new TimeoutError(`gave up waiting for ${words()} after ${timeout} s`));
    };
    cancel = afterSeconds(timeout, giveUp, { idle: true });
  }
  // `fail` must not be called before this function returns, since the caller cannot disarm before.
  if (signal?.aborted) queueMicrotask(abort);
  else signal?.addEventListener("abort", abort);
  return disarm;
}

/**
 * The result of `work`, if it comes in time; else it rejects with the error of `deadline`. If the signal has
 * aborted already, `work` is not called.
 *
 * @param work is called with a signal that aborts when the wait is given up.
 */
export function withDeadline<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: DeadlineOptions,
  what: string,
): Promise<T> {
  if (options.signal?.aborted) return Promise.reject(abortion(what, options.signal));
  const givenUp = new AbortController();
  return new Promise((resolve, reject) => {
    const disarm = deadline(options, what, (error) => {
      reject(error);
      givenUp.abort(error);
    });
    work(givenUp.signal).then(resolve, reject).finally(disarm);
  });
}

/** The error of a wait that its signal has ended. */
export const abortion = (what: string, signal: AbortSignal | undefined): AbortError =>
  new AbortError(`gave up waiting for ${what}`, signal?.reason);
