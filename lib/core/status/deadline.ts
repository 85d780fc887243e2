import { AbortError } from "../../errors";
import { afterSeconds } from "../../timeLimit";

/** Something did not happen in time. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

export interface DeadlineOptions {
  /** Seconds; null or undefined: none. */
  readonly timeout?: number | null | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Calls `fail` once, when the time is up or the signal aborts.
 *
 * @param what names what is being waited for, in a sentence "gave up waiting for ...".
 * @returns disarms both; call it when the wait is over.
 */
export function deadline(
  options: DeadlineOptions,
  what: string | (() => string),
  fail: (error: Error) => void,
): () => void {
  const { timeout, signal } = options;
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
    cancel = afterSeconds(timeout, () => {
      disarm();
      fail(new TimeoutError(`gave up waiting for ${words()} after ${timeout} s`));
    });
  }
  // Never before this returns: the caller has no way to disarm yet.
  if (signal?.aborted) queueMicrotask(abort);
  else signal?.addEventListener("abort", abort);
  return disarm;
}

/**
 * The result of `work`, if it comes in time; rejects as `deadline` fails otherwise. Nothing is begun where
 * the signal has aborted already.
 *
 * @param work gets a signal that tells it when it has been given up.
 */
export function within<T>(
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

const abortion = (what: string, signal: AbortSignal | undefined): AbortError =>
  new AbortError(`gave up waiting for ${what}`, signal?.reason);
