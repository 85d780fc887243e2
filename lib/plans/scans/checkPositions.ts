/** Refuses a scan before it starts if a device would refuse one of its positions. */

import { lostConnectionOf } from "../../core/protocols/lostConnection";
import { Msg, type Plan } from "../../core/protocols/msg";
import { isCheckable, isLocatable, type Location } from "../../core/protocols/protocols";
import { isLostInFlight } from "../../errors";

/** Motors, each with the positions to which the scan will send it. */
export type Ranges = Iterable<readonly [motor: object, positions: readonly unknown[]]>;

/** A motor that has to ask its control system, with the question, and the answer to the first one. */
interface Question {
  readonly motor: object;
  readonly ask: () => unknown[];
  readonly answers: unknown[];
}

/**
 * Throws the device's error for the lowest and the highest of the positions of each motor, if it would refuse
 * them. If a motor has to ask its control system, the plan waits for the answer; a motor that does not answer
 * is waited for as in the scan, by `onDisconnect`, and asked again. Positions that cannot be checked, because
 * the connection is lost, are refused at their points.
 */
export function* checkPositions(ranges: Ranges): Plan<void> {
  const questions: Question[] = [];
  for (const [motor, positions] of ranges) {
    if (!isCheckable(motor) || lostConnectionOf(motor)) continue;
    const ask = () => [...ends(positions)].map((position) => motor.checkValue(position));
    const answers = ask();
    if (answers.some((answer) => answer instanceof Promise)) questions.push({ motor, ask, answers });
    // The messages below throw the rejections, except in a simulation, which does not wait.
    for (const answer of answers) if (answer instanceof Promise) answer.catch(() => {});
  }
  for (const question of questions) yield Msg("wait_for", question.motor, [[answered(question)]]);
}

/** The promise that a message waits for: the first answers, and new ones when the message is done again. */
function answered({ motor, ask, answers }: Question): () => Promise<unknown> {
  let first = true;
  return async () => {
    const given = first ? answers : ask();
    first = false;
    try {
      await Promise.all(given);
    } catch (error) {
      ignoreLoss(motor, error);
    }
  };
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
