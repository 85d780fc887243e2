/** The geometry of a movement at constant speed, for measuring on the fly. */

import { UsageError } from "../../errors";

/** A movement at constant speed, for measuring on the fly. */
export interface FlyInfo {
  /** Where the flight begins, in the units of the motor. */
  readonly start: number;
  /** Where the flight ends, in the units of the motor. */
  readonly end: number;
  /** Seconds from start to end. */
  readonly time: number;
}

/** The movement of the motor: it begins before the start to reach the speed there, and ends after the end. */
export interface Flight {
  readonly from: number;
  readonly to: number;
  /** Units per second. */
  readonly speed: number;
}

/**
 * @param name of the motor, for messages.
 * @param rampTime seconds from rest to full speed.
 * @throws UsageError for a time that is not above 0 s, and if start and end are the same.
 */
export function flightOf(name: string, { start, end, time }: FlyInfo, rampTime: number): Flight {
  if (!(time > 0)) throw new UsageError(`${name} cannot fly in ${time} s: use a time above 0 s`);
  const speed = Math.abs(end - start) / time;
  if (!(speed > 0)) {
    throw new UsageError(
      `${name} cannot fly from ${start} to ${end} in ${time} s: use two different positions and a finite time`,
    );
  }
  const runUp = Math.sign(end - start) * 0.5 * speed * rampTime;
  return { from: start - runUp, to: end + runUp, speed };
}
