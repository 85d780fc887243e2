/** Moves `current` towards `target` by at most `rate * dt` and never past it. `rate` is per second; 0 or less means no limit. */
export function rampTowards(current: number, target: number, rate: number, dt: number): number {
  if (rate <= 0) return target;
  const step = rate * dt;
  const distance = target - current;
  return Math.abs(distance) <= step ? target : current + Math.sign(distance) * step;
}
