import { UsageError } from "../../errors";

/** A movement at constant speed, for measuring on the fly. */
export interface FlyInfo {
  readonly start: number;
  readonly end: number;
  /** Seconds from start to end. */
  readonly time: number;
}

/** What a motor does for it: from where it can reach the speed before the start, to where it stands after the end. */
export interface Flight {
  readonly from: number;
  readonly to: number;
  /** Units per second. */
  readonly speed: number;
}

/**
 * @param rampTime seconds from rest to full speed.
 * @throws UsageError for a time that is none, and for no way; `name` is the motor's.
 */
export function flightOf(name: string, { start, end, time }: FlyInfo, rampTime: number): Flight {
  if (!(time > 0)) throw new UsageError(`${name} cannot fly in ${time} s: use a time above 0 s`);
  const speed = Math.abs(end - start) / time;
  if (!(speed > 0))
    throw new UsageError(`${name} cannot fly from ${start} to ${end} in ${time} s: that is no movement`);
  const runUp = Math.sign(end - start) * 0.5 * speed * rampTime;
  return { from: start - runUp, to: end + runUp, speed };
}
