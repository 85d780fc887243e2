/** A linear ramp. */

/**
 * The value after `dt` seconds of a ramp from `current` to `target`. `rate` is per second; 0 or less jumps.
 */
export function rampTowards(current: number, target: number, rate: number, dt: number): number {
  if (rate <= 0) return target;
  const step = rate * dt;
  const distance = target - current;
  return Math.abs(distance) <= step ? target : current + Math.sign(distance) * step;
}
