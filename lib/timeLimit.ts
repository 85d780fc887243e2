/** Time limits: timers of any length, and giving up on what takes longer than a number of seconds. */

import { type ClockTimer, currentClock, realClock, type TimerOptions } from "./clock";
import { journalMark } from "./journal";

/** What the journal calls the end of a pause. */
export const WAKE = "woke";
/**
 * If a pause ends more than this many seconds too late, the journal also records by how much: the process was
 * busy then.
 */
const LATE = 0.05;

/**
 * Calls `fn` once after some seconds, however many; after `Infinity` never. It is never early, and comes
 * after whatever arrived in the meantime: while a cell computes, nothing that arrives is looked at, and who
 * sent it must not be taken for dead.
 *
 * @returns cancels the call. Until then the timer keeps the process alive.
 */
export function afterSeconds(seconds: number, fn: () => void, options?: TimerOptions): () => void {
  const clock = options?.real ? realClock : currentClock();
  const end = clock.monotonic() + seconds;
  let timer: ClockTimer | undefined;
  let cancelTurn = () => {};
  const wake = () => {
    const late = clock.monotonic() - end;
    journalMark(late > LATE ? `${WAKE} ${late.toFixed(3)} s late` : WAKE);
    fn();
  };
  const onTimer = () => {
    const left = end - clock.monotonic();
    if (left > 0) timer = clock.timer(left, onTimer, options);
    else cancelTurn = clock.turn(options?.wakes ? wake : fn);
  };
  timer = clock.timer(seconds, onTimer, options);
  return () => {
    timer?.cancel();
    cancelTurn();
  };
}

/**
 * Whether `work` is fulfilled within some seconds, or before `signal` aborts; rejects if `work` does. Leaves
 * no timer behind.
 */
export async function inTime(
  work: PromiseLike<unknown>,
  seconds: number,
  signal?: AbortSignal,
  options: TimerOptions = { idle: true },
): Promise<boolean> {
  let cancel = () => {};
  const late = new Promise<false>((resolve) => {
    const giveUp = () => resolve(false);
    const disarm = afterSeconds(seconds, giveUp, options);
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
export function delayFor(seconds: number, signal?: AbortSignal, options?: TimerOptions): Promise<void> {
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
    const cancel = afterSeconds(seconds, end, options ?? { wakes: true });
    signal?.addEventListener("abort", end, { once: true });
  });
}
