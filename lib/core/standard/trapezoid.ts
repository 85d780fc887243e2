/** The position of a motor in time, with acceleration and deceleration. */

/** A movement with constant acceleration, speed and deceleration. A short one never reaches full speed. */
export interface Trapezoid {
  /** Seconds from start to rest. */
  readonly duration: number;
  /** Position `t` seconds after the start. */
  position(t: number): number;
}

/** `speed` in units per second; `rampTime` seconds from rest to full speed. */
export function trapezoid(from: number, to: number, speed: number, rampTime: number): Trapezoid {
  const distance = Math.abs(to - from);
  const sign = Math.sign(to - from);
  if (rampTime <= 0) {
    const duration = distance / speed;
    return { duration, position: (t) => (t >= duration ? to : from + sign * speed * Math.max(0, t)) };
  }
  const acceleration = speed / rampTime;
  const ramp = Math.min(rampTime, Math.sqrt(distance / acceleration));
  const peak = acceleration * ramp;
  const cruise = peak > 0 ? Math.max(0, (distance - peak * ramp) / peak) : 0;
  const duration = 2 * ramp + cruise;
  const travelled = (t: number): number => {
    if (t <= ramp) return 0.5 * acceleration * t * t;
    if (t <= ramp + cruise) return 0.5 * peak * ramp + peak * (t - ramp);
    return distance - 0.5 * acceleration * (duration - t) ** 2;
  };
  return { duration, position: (t) => (t >= duration ? to : from + sign * travelled(Math.max(0, t))) };
}
