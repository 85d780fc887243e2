/** Several abort signals joined for the time of one piece of work. */

/**
 * Runs `work` with a signal that aborts as soon as one of `signals` does. It leaves nothing on those
 * signals, whereas the results of AbortSignal.any pile up on a signal that outlives a thousand attempts.
 */
export async function withSignals<T>(
  signals: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController();
  const cleanups = signals.map((signal) => {
    const abort = () => either.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    return () => signal?.removeEventListener("abort", abort);
  });
  try {
    return await work(either.signal);
  } finally {
    for (const cleanup of cleanups) cleanup();
  }
}
