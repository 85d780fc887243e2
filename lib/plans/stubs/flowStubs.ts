/** Stubs for the course of a plan: waiting, checkpoints, pauses, repetition. */
import { Msg, type Plan } from "../../core/protocols/msg";
import { planTime } from "../../engine/loop/planTime";
import { UsageError } from "../../errors";
import { plan } from "../plan";

/** How long `wait` waits, and what for. */
export interface WaitOptions {
  /** Seconds; default for ever. */
  readonly timeout?: number | null;
  /** Whether a timeout is an error (the default), or `wait` returns false. */
  readonly errorOnTimeout?: boolean;
  /** Groups whose failure ends the wait, too. */
  readonly watch?: readonly unknown[];
}

/** Waits for all that was started with this group. @returns whether it is done */
export const wait = plan("wait", function* (group: unknown = null, options: WaitOptions = {}): Plan<boolean> {
  const { timeout = null, errorOnTimeout = true, watch = [] } = options;
  return (yield Msg("wait", null, [], { group, error_on_timeout: errorOnTimeout, timeout, watch })) as boolean;
});

/** Waits for the promises of these functions; after a pause they are called again. @returns what the promises gave */
export const waitFor = plan("waitFor", function* <
  T,
>(factories: readonly (() => PromiseLike<T>)[], options: { readonly timeout?: number } = {}): Plan<T[]> {
  return (yield Msg("wait_for", null, [factories], { ...options })) as T[];
});

/** Waits some seconds. */
export const sleep = plan("sleep", function* (seconds: number): Plan<void> {
  yield Msg("sleep", null, [seconds]);
});

/** Does nothing. */
export const null_ = plan("null_", function* (): Plan<void> {
  yield Msg("null");
});

/** After a pause the plan goes on from the last checkpoint. */
export const checkpoint = plan("checkpoint", function* (): Plan<void> {
  yield Msg("checkpoint");
});

/** From here on the plan can't be resumed: a pause ends it. */
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

/** Asks the person for a line of text. */
export const inputPlan = plan("inputPlan", function* (prompt = ""): Plan<string> {
  return (yield Msg("input", null, [], { prompt })) as string;
});

/** The same message to each device. @returns the results */
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

/** Does a plan `n` times, for ever if null. */
export const repeater = plan("repeater", function* <
  A extends readonly unknown[],
>(n: number | null, make: (...args: A) => Plan, ...args: A): Plan<void> {
  checkRepetition("repeater", n, make);
  for (let i = 0; n === null || i < n; i += 1) yield* make(...args);
});

/** Does the messages of one plan `n` times. Kept for old plans: a plan that looks at results can't be cached. */
export const cachingRepeater = plan(
  "cachingRepeater",
  function* (n: number | null, messages: Iterable<Msg>): Plan<void> {
    const cached = [...messages];
    // An array has no `throw`, so what is thrown into `yield* cached` would be lost.
    for (let i = 0; n === null || i < n; i += 1) for (const msg of cached) yield msg;
  },
);

/** Seconds between the starts of repetitions; one for all, or one for each gap. */
export type Delay = number | Iterable<number | null>;

/** Does a plan `num` times (for ever if null), a checkpoint before each; `delay` counts from start to start. */
export const repeat = plan(
  "repeat",
  function* (make: () => Plan, num: number | null = 1, delay: Delay = 0): Plan<void> {
    checkRepetition("repeat", num, make);
    checkDelay("repeat", delay);
    const delays = typeof delay === "number" ? null : delay[Symbol.iterator]();
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

function checkRepetition(name: string, num: unknown, make: unknown): void {
  if (typeof make !== "function")
    throw new UsageError(
      `${name} does a plan anew each time, so it takes a function that makes it: () => mv(motor, 3)`,
    );
  if (num !== null && !(Number.isInteger(num) && Number(num) >= 0))
    throw new UsageError(`${name}: how often should be a whole number from 0, or null for ever, not ${String(num)}`);
}

/** Throws unless `delay` is a number of seconds from 0, or a list of such. */
export function checkDelay(name: string, delay: unknown): void {
  const iterable = typeof delay === "object" && delay !== null && Symbol.iterator in delay;
  if (!iterable && !(typeof delay === "number" && delay >= 0))
    throw new UsageError(`${name}: the delay is in seconds from 0, or a list of such, not ${String(delay)}`);
}

function tooFewDelays(num: number, given: number): UsageError {
  return new UsageError(`${num} repetitions need ${num - 1} delays, but ${given} are given`);
}
