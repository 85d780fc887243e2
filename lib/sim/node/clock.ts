/** The clock of a simulated node, which turns real time into simulated time. */

/** Milliseconds between two ticks. */
const TICK_MS = 25;
/** Longest real time in s that one tick counts: a process that slept does not catch up. */
const LONGEST_GAP = 1;

/**
 * Calls `onTime` at every tick with the simulated seconds. `speed` is simulated seconds per second. Returns
 * the stop.
 */
export function startClock(speed: number, onTime: (seconds: number) => void): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const passed = Math.min(LONGEST_GAP, (now - last) / 1000);
    last = now;
    onTime(passed * speed);
  }, TICK_MS);
  return () => clearInterval(timer);
}
