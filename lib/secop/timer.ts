/** The delay of a Node timer for a time in seconds; longer ones than it can hold (25 days, or Infinity) would fire at once. */
export function timerMs(seconds: number): number {
  return Math.min(seconds * 1000, 2 ** 31 - 1);
}
