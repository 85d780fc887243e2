/** The geometry of a movement at constant speed, for measuring on the fly. */

import { withUnits } from "../../display/number";
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

/**
 * The movement of the motor: it begins before `start`, so that it has its speed there, and ends after `end`.
 */
export interface Flight {
  readonly from: number;
  readonly to: number;
  /** Units per second. */
  readonly speed: number;
}

/**
 * The movement of a motor that passes from `start` to `end` at constant speed.
 *
 * @param name of the motor, for messages.
 * @param rampTime seconds from rest to full speed.
 * @throws UsageError for a time that is not above 0 s, and if start and end are the same.
 */
export function flightOf(name: string, info: FlyInfo, rampTime: number): Flight {
  if (typeof info !== "object" || info === null) {
    throw new UsageError(`${name} is prepared for a flight: prepare({ start: 0, end: 10, time: 5 })`);
  }
  const { start, end, time } = info;
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

/** A motor that is further from its prepared position than this fraction of the flight was moved. */
const LARGEST_SHIFT = 0.01;

/**
 * Why a flight cannot start: the motor was moved since the flight was prepared. Undefined if it was
 * not moved.
 *
 * @param preparedAt where the motor stood when the flight was prepared.
 * @param position where it stands now.
 */
export function movedSincePrepared(
  { name, units }: { readonly name: string; readonly units: string },
  { from, to }: Flight,
  preparedAt: number,
  position: number,
): string | undefined {
  const isMoved = Math.abs(position - preparedAt) > LARGEST_SHIFT * Math.abs(to - from);
  if (!isMoved) return undefined;
  const [here, there] = [position, preparedAt].map((value) => withUnits(`${value}`, units));
  return `${name} was moved to ${here} since its flight was prepared at ${there}: prepare it again`;
}
