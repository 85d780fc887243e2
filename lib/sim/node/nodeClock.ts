/** The ticks of a simulated node, which turn the time of a clock into simulated time. */

import { type Clock, realClock, type TimerOptions } from "../../clock";

/** Seconds between two ticks. */
const TICK = 0.025;
/** Longest time in s that one tick counts: a process that slept does not catch up. */
const LONGEST_GAP = 1;

/**
 * Calls `onTime` at every tick with the simulated seconds. `speed` is simulated seconds per second. Returns
 * the function that stops it.
 */
export function startClock(
  speed: number,
  onTime: (seconds: number) => void,
  clock: Clock = realClock,
  options: TimerOptions = {},
): () => void {
  let last = clock.monotonic();
  const tick = () => {
    const now = clock.monotonic();
    const elapsed = Math.min(LONGEST_GAP, now - last);
    last = now;
    onTime(elapsed * speed);
  };
  const timer = clock.interval(TICK, tick, options);
  return () => timer.cancel();
}
