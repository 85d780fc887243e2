/** Time limits: timers of any length, and giving up on what takes longer than a number of seconds. */

/** The longest delay of a Node timer, in ms (25 days): a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls `fn` once after some seconds, however many; after `Infinity` never. It is never early, and comes
 * after whatever arrived in the meantime: while a cell computes, nothing that arrives is looked at, and who
 * sent it must not be taken for dead.
 *
 * @returns cancels the call. Until then the timer keeps the process alive.
 */
export function afterSeconds(seconds: number, fn: () => void): () => void {
  const endMs = performance.now() + 1000 * seconds;
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  const arm = (leftMs: number) => {
    timer = setTimeout(onTimer, Math.min(leftMs, LONGEST_TIMER_MS));
  };
  const onTimer = () => {
    const leftMs = endMs - performance.now();
    if (leftMs > 0) arm(leftMs);
    else immediate = setImmediate(fn);
  };
  arm(1000 * seconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(immediate);
  };
}

/**
 * Whether `work` is fulfilled within some seconds, or before `signal` aborts; rejects if `work` does. Leaves
 * no timer behind.
 */
export async function inTime(work: PromiseLike<unknown>, seconds: number, signal?: AbortSignal): Promise<boolean> {
  let cancel = () => {};
  const late = new Promise<false>((resolve) => {
    const giveUp = () => resolve(false);
    const disarm = afterSeconds(seconds, giveUp);
    if (signal?.aborted) giveUp();
    signal?.addEventListener("abort", giveUp, { once: true });
    cancel = () => {
      disarm();
      signal?.removeEventListener("abort", giveUp);
    };
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    cancel();
  }
}

/** Resolves after some seconds, and at once when `signal` aborts. */
export function delayFor(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const end = () => {
      cancel();
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const cancel = afterSeconds(seconds, end);
    signal?.addEventListener("abort", end, { once: true });
  });
}
