/** A command that takes time is written as a generator that yields the promises it waits for. */

// The message loop sends back what each promise gave. It can also end the command at any of them (pause,
// abort, a failed action): what follows in the command does not happen then, but its `finally` blocks do.
// Commands that need no time are plain functions, so they cost no promise at all.

import { afterSeconds } from "../timeLimit";

/** Yields promises, is sent what they gave, and returns the result of the command. */
export type CommandSteps<T = unknown> = Generator<PromiseLike<unknown>, T, unknown>;

/** Whether a command that waits ends when an action of `group` fails. */
export type EndsOnFailureOf = (group: unknown) => boolean;

export const endsOnAnyFailure: EndsOnFailureOf = () => true;

/** Returned by a command instead of its result when it has to wait first. */
export class PendingResult {
  readonly steps: CommandSteps;
  readonly endsOnFailureOf: EndsOnFailureOf;

  constructor(steps: CommandSteps, endsOnFailureOf = endsOnAnyFailure) {
    this.steps = steps;
    this.endsOnFailureOf = endsOnFailureOf;
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** Inside a command: the value, after waiting if it is a promise. */
export function* awaited<T>(value: T | PromiseLike<T>): CommandSteps<T> {
  return isThenable(value) ? ((yield value) as T) : value;
}

/** The result of a command made by `then` from a value, at once unless the value is a promise. */
export function resultOf<T, R>(value: T | PromiseLike<T>, then: (value: T) => R): R | PendingResult {
  if (!isThenable(value)) return then(value);
  return new PendingResult(awaitedResult(value as PromiseLike<T>, then));
}

function* awaitedResult<T, R>(promise: PromiseLike<T>, then: (value: T) => R): CommandSteps<R> {
  return then((yield promise) as T);
}

/**
 * Inside a command: whether the promise resolves within some seconds; a rejection is thrown. Leaves no timer
 * behind.
 */
export function* resolvesWithin(promise: PromiseLike<unknown>, seconds: number): CommandSteps<boolean> {
  let cancel = () => {};
  const late = new Promise<boolean>((resolve) => {
    cancel = afterSeconds(seconds, () => resolve(false), { wakes: true });
  });
  try {
    return (yield Promise.race([promise.then(() => true), late])) as boolean;
  } finally {
    cancel();
  }
}

/** Does the steps of a command outside of a message loop. `wait` awaits each of its promises. */
export async function runSteps<T>(
  steps: CommandSteps<T>,
  wait = async (promise: PromiseLike<unknown>): Promise<unknown> => await promise,
): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    let given: unknown;
    try {
      given = await wait(step.value);
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(given);
  }
  return step.value;
}
