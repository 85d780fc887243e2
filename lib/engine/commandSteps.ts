/**
 * A command that takes time, as a generator of the promises it waits for. The engine drives it and can end it at any of them
 * (pause, abort, a failing status): what comes after never happens, `finally` blocks do. Commands without one take no await at all.
 */

import { afterSeconds } from "../timeLimit";

/** Yields promises, is sent what they gave, returns the result of the command. */
export type Steps<T = unknown> = Generator<PromiseLike<unknown>, T, unknown>;

/** Whether the failure of an action of this group ends the waiting. */
export type Heeds = (group: unknown) => boolean;

export const heedsAll: Heeds = () => true;

/** What a command returns instead of a result when there is something to wait for. */
export class Waiting {
  readonly steps: Steps;
  readonly heeds: Heeds;

  constructor(steps: Steps, heeds = heedsAll) {
    this.steps = steps;
    this.heeds = heeds;
  }
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** The value of something that may be a promise. */
export function* settled<T>(value: T | PromiseLike<T>): Steps<T> {
  return isThenable(value) ? ((yield value) as T) : value;
}

/** The result of something that may be a promise, without waiting where it is none. */
export function whenSettled<T, R>(value: T | PromiseLike<T>, then: (value: T) => R): R | Waiting {
  if (!isThenable(value)) return then(value);
  return new Waiting(continueWith(value as PromiseLike<T>, then));
}

function* continueWith<T, R>(promise: PromiseLike<T>, then: (value: T) => R): Steps<R> {
  return then((yield promise) as T);
}

export const CUT = Symbol("cut");

/** What a promise gives; `CUT` where `cut`, which `arm` is handed, is called before. */
export function orCut(
  promise: PromiseLike<unknown>,
  arm: (cut: () => void) => void,
): Promise<
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown } | typeof CUT
> {
  return new Promise((resolve) => {
    promise.then(
      (value) => resolve({ ok: true, value }),
      (error: unknown) => resolve({ ok: false, error }),
    );
    arm(() => resolve(CUT));
  });
}

/** Whether the promise resolves within some seconds. */
export function* within(promise: Promise<unknown>, duration: number): Steps<boolean> {
  let cancel = () => {};
  const late = new Promise<boolean>((resolve) => {
    cancel = afterSeconds(duration, () => resolve(false));
  });
  try {
    return (yield Promise.race([promise.then(() => true), late])) as boolean;
  } finally {
    cancel();
  }
}

/** Drives steps to their end outside of a plan. */
export async function finished<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  while (!step.done) {
    let given: unknown;
    try {
      given = await step.value;
    } catch (error) {
      step = steps.throw(error);
      continue;
    }
    step = steps.next(given);
  }
  return step.value;
}
