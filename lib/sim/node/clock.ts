/** Real time made simulated time: calls back every 25 ms with what passed. */

const TICK_MS = 25;
/** s of real time: a process that slept (a laptop's lid) does not make up for the hours it missed. */
const LONGEST_GAP = 1;

/** Returns the function that stops it. `speed`: simulated seconds a second. */
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
