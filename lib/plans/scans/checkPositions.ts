/** Refuses a scan before it starts if a device would refuse one of its positions. */

import { lostConnectionOf } from "../../core/protocols/lostConnection";
import { Msg, type Plan } from "../../core/protocols/msg";
import { isCheckable, isLocatable, type Location } from "../../core/protocols/protocols";
import { isLostInFlight } from "../../errors";

/** Motors, each with the positions to which the scan will send it. */
export type Ranges = Iterable<readonly [motor: object, positions: readonly unknown[]]>;

/**
 * Throws the device's error for the lowest and the highest of the positions of each motor, if it would refuse
 * them. What a motor has to ask its control system for is waited for; what a lost connection hides is refused
 * at its point.
 */
export function* checkPositions(ranges: Ranges): Plan<void> {
  const answers: Promise<unknown>[] = [];
  for (const [motor, positions] of ranges) {
    if (!isCheckable(motor) || lostConnectionOf(motor)) continue;
    for (const position of ends(positions)) {
      const answer = motor.checkValue(position);
      if (answer instanceof Promise) answers.push(answer.catch((error) => ignoreLoss(motor, error)));
    }
  }
  if (answers.length === 0) return;
  const all = Promise.all(answers);
  // The message below throws the rejection, except in a simulation, which does not wait.
  all.catch(() => {});
  yield Msg("wait_for", null, [[() => all]]);
}

/**
 * A connection that is lost while the motor asks leaves the position to its point, where the plan can wait.
 */
function ignoreLoss(motor: object, error: unknown): void {
  if (!isLostInFlight(error) && !lostConnectionOf(motor)) throw error;
}

/** `checkPositions` for positions relative to where the motors are, if they can tell where that is. */
export function* checkRelativePositions(ranges: Ranges): Plan<void> {
  const absolute: [object, readonly unknown[]][] = [];
  for (const [motor, positions] of ranges) {
    if (!isCheckable(motor) || !isLocatable(motor) || lostConnectionOf(motor)) continue;
    const { setpoint: start } = ((yield Msg("locate", motor)) as Location<unknown> | undefined) ?? {};
    if (typeof start !== "number") continue;
    const numbers = positions.filter((position): position is number => typeof position === "number");
    absolute.push([motor, numbers.map((position) => start + position)]);
  }
  yield* checkPositions(absolute);
}

/** The lowest and the highest position; all of them if some are not numbers. */
function ends(positions: readonly unknown[]): ReadonlySet<unknown> {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const position of positions) {
    if (typeof position !== "number") return new Set(positions);
    low = Math.min(low, position);
    high = Math.max(high, position);
  }
  return positions.length === 0 ? new Set() : new Set([low, high]);
}
