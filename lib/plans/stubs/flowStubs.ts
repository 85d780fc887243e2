/** Stubs that direct the course of a plan: waiting, checkpoints, pauses, repetition. */

import { Msg, type Plan } from "../../core/protocols/msg";
import { isStatus, type StatusLike } from "../../core/protocols/protocols";
import { planTime } from "../../engine/loop/planTime";
import { UsageError } from "../../errors";
import { plan } from "../plan";

/** The name of what is waited for together. */
export type Group = string | symbol | null;

/** How an action that takes time is waited for. */
export interface GroupOptions {
  /** The group that a later `wait` names; default: none. */
  readonly group?: Group | undefined;
  /** Whether to wait until the action is done; default false. */
  readonly wait?: boolean;
}

/** How long `wait` waits, and what ends it. */
export interface WaitOptions {
  /** Seconds; default: for ever. */
  readonly timeout?: number | null;
  /** Whether a timeout is an error (the default); with false, `wait` returns false then. */
  readonly errorOnTimeout?: boolean;
  /** Groups whose failure also ends the wait. */
  readonly watch?: readonly unknown[];
}

/**
 * Waits for everything that was started with this group, or for these statuses: `yield* wait("arm")`, or
 * `const move = yield* absSet(motor, 3); yield* wait(move)`. Default: for all that was started without a
 * group.
 * @returns whether all of it is done
 */
export const wait = plan(
  "wait",
  function* (group: Group | StatusLike | readonly StatusLike[] = null, options: WaitOptions = {}): Plan<boolean> {
    const { timeout = null, errorOnTimeout = true, watch = [] } = options;
    const statuses = statusesOf(group);
    if (statuses) {
      return (yield Msg("wait", null, [], { statuses, error_on_timeout: errorOnTimeout, timeout })) as boolean;
    }
    return (yield Msg("wait", null, [], { group, error_on_timeout: errorOnTimeout, timeout, watch })) as boolean;
  },
);

/**
 * Calls these functions and waits for their promises. After a pause the functions are called again.
 * @returns what the promises resolved to
 */
export const waitFor = plan("waitFor", function* <
  T,
>(factories: readonly (() => PromiseLike<T>)[], options: { readonly timeout?: number } = {}): Plan<T[]> {
  return (yield Msg("wait_for", null, [factories], { ...options })) as T[];
});

/** Waits for some seconds. */
export const sleep = plan("sleep", function* (seconds: number): Plan<void> {
  yield Msg("sleep", null, [seconds]);
});

/** Does nothing. */
export const null_ = plan("null_", function* (): Plan<void> {
  yield Msg("null");
});

/** Marks the place from which the plan goes on after a pause. */
export const checkpoint = plan("checkpoint", function* (): Plan<void> {
  yield Msg("checkpoint");
});

/** Makes the plan unresumable from here on: a pause ends it. */
export const clearCheckpoint = plan("clearCheckpoint", function* (): Plan<void> {
  yield Msg("clear_checkpoint");
});

/** Pauses now, as `RE.pause()` does: the plan goes on from its last checkpoint at `RE.resume()`. */
export const pause = plan("pause", function* (): Plan<void> {
  yield Msg("pause", null, [], { defer: false });
});

/** Pauses at the next checkpoint. */
export const deferredPause = plan("deferredPause", function* (): Plan<void> {
  yield Msg("pause", null, [], { defer: true });
});

/** Asks the user for a line of text. */
export const inputPlan = plan("inputPlan", function* (prompt = ""): Plan<string> {
  return (yield Msg("input", null, [], { prompt })) as string;
});

/** Sends the same message to each device. @returns the results in the order of the devices */
export const broadcastMsg = plan(
  "broadcastMsg",
  function* (
    command: string,
    devices: Iterable<unknown>,
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
  ): Plan<unknown[]> {
    const results: unknown[] = [];
    for (const device of devices) results.push(yield Msg(command, device, args, kwargs));
    return results;
  },
);

/** Does a plan `n` times, or for ever if `n` is null. */
export const repeater = plan("repeater", function* <
  A extends readonly unknown[],
>(n: number | null, make: (...args: A) => Plan, ...args: A): Plan<void> {
  checkRepetition("repeater", n, make);
  for (let i = 0; n === null || i < n; i += 1) yield* make(...args);
});

/**
 * Does the messages of one plan `n` times, or for ever if `n` is null.
 *
 * It exists for old plans: one that looks at the results of its messages can't
 * be repeated like this. Prefer `repeater`.
 */
export const cachingRepeater = plan(
  "cachingRepeater",
  function* (n: number | null, messages: Iterable<Msg>): Plan<void> {
    const cached = [...messages];
    for (let i = 0; n === null || i < n; i += 1) {
      // An array has no `throw`, so an error that is thrown into `yield* cached` would be lost.
      for (const msg of cached) yield msg;
    }
  },
);

/** Seconds between the starts of repetitions: one number for all gaps, or one for each; null for no delay. */
export type Delay = number | null | Iterable<number | null>;

/**
 * Does a plan `num` times, or for ever if null, with a checkpoint before each time.
 * @param num default 1
 * @param delay seconds from start to start; default 0
 */
export const repeat = plan(
  "repeat",
  function* (make: () => Plan, num: number | null = 1, delay: Delay = 0): Plan<void> {
    checkRepetition("repeat", num, make);
    checkDelay("repeat", delay);
    const delays = typeof delay === "number" || delay === null ? null : delay[Symbol.iterator]();
    if (Array.isArray(delay) && num !== null && num - 1 > delay.length) throw tooFewDelays(num, delay.length);
    for (let i = 0; num === null || i < num; i += 1) {
      const started = planTime();
      yield Msg("checkpoint");
      yield* make();
      let pause = typeof delay === "number" ? delay : null;
      if (delays) {
        const next = delays.next();
        if (next.done) {
          if (num === null || i + 1 === num) break;
          throw tooFewDelays(num, i);
        }
        pause = next.value;
      }
      if (pause !== null) {
        const left = pause - (planTime() - started);
        if (left > 0) yield Msg("sleep", null, [left]);
      }
    }
  },
);

/** The statuses, if these are some; undefined for a group. @throws UsageError if it is neither. */
function statusesOf(group: unknown): readonly StatusLike[] | undefined {
  if (isStatus(group)) return [group];
  if (Array.isArray(group) && group.every(isStatus)) return group as readonly StatusLike[];
  if (group === null || typeof group === "string" || typeof group === "symbol") return undefined;
  const advice =
    typeof group === "number"
      ? `to wait for ${group} s, use sleep(${group})`
      : "to wait for a plan, use yield* with it; for promises, waitFor([() => promise])";
  throw new UsageError(`wait takes the name of a group, or statuses such as those of absSet: ${advice}`);
}

function checkRepetition(name: string, num: unknown, make: unknown): void {
  if (typeof make !== "function") {
    throw new UsageError(
      `${name} does a plan anew each time, so it takes a function that makes it: () => mv(motor, 3)`,
    );
  }
  if (num !== null && !(Number.isInteger(num) && Number(num) >= 0)) {
    throw new UsageError(
      `${name}: the number of times should be a whole number from 0, or null for ever, not ${String(num)}`,
    );
  }
}

/** Throws unless `delay` is a number of seconds from 0, a list of such numbers, or null for none. */
export function checkDelay(name: string, delay: unknown): void {
  if (delay === null) return;
  const iterable = typeof delay === "object" && Symbol.iterator in delay;
  if (!iterable && !(typeof delay === "number" && delay >= 0)) {
    throw new UsageError(`${name}: the delay is a number of seconds from 0, or a list of them, not ${String(delay)}`);
  }
}

function tooFewDelays(num: number, given: number): UsageError {
  return new UsageError(`${num} repetitions need ${num - 1} delays, but ${given} are given`);
}
