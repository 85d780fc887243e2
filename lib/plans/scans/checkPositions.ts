/** Refuses a scan before it starts if a device would refuse one of its positions. */

import { isCheckable } from "../../core/protocols/protocols";

/**
 * Throws the device's error for the lowest and the highest of the positions, if it knows at once that it would
 * refuse them. What it has to ask for first is refused at its point.
 */
export function checkPositions(motor: object, positions: readonly unknown[]): void {
  if (!isCheckable(motor)) return;
  const numbers = positions.filter((position): position is number => typeof position === "number");
  const ends = numbers.length === positions.length ? extremes(numbers) : new Set(positions);
  for (const position of ends) {
    const answer = motor.checkValue(position);
    if (answer instanceof Promise) answer.catch(() => {});
  }
}

function extremes(numbers: readonly number[]): Set<number> {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  return numbers.length === 0 ? new Set() : new Set([low, high]);
}
