/** Observing signals: every update in a loop, or the wait for one value. */

import { BoundedQueue } from "../../boundedQueue";
import { monotonicTime, pieceDone } from "../../clock";
import { formatValue } from "../../display/formatValue";
import { withUnits } from "../../display/number";
import { UsageError } from "../../errors";
import { reportError } from "../../log";
import type { DataKey, Reading, Readings, StatusLike } from "../protocols/protocols";
import { type DeadlineOptions, deadline, TimeoutError } from "../status/deadline";
import type { SignalR } from "./signal";

/** How long a signal is observed. */
export interface ObserveOptions extends DeadlineOptions {
  /** Seconds for the whole observation. `timeout` is the longest wait for each update. */
  readonly doneTimeout?: number;
  /** Ends the observation when this status is done. Its failure is thrown. */
  readonly doneStatus?: StatusLike;
}

/** Updates kept for a slow loop. Beyond that the oldest are dropped, which is reported. */
const MOST_WAITING = 10_000;
/** Seconds after which a loop that causes its own updates lets timers and the interrupt have a turn. */
const LONGEST_TURN = 0.01;

/**
 * The present value and then every update, also when the value stays the same. Readings without a valid value
 * (the node reports an error, the connection is lost) are left out; `value$` has them. At most 10,000 updates
 * wait for a slow loop. Beyond that the oldest are dropped, which is reported once, and at the end with their
 * number.
 *
 * @throws TimeoutError when no update came for `timeout` seconds.
 */
export async function* observeValue<T>(
  signal: SignalR<T>,
  options: ObserveOptions = {},
): AsyncGenerator<T, void, void> {
  for await (const [, value] of observeSignals([signal], options)) yield value as T;
}

/** The same for several signals: each update with its signal. */
export async function* observeSignals<S extends SignalR>(
  signals: readonly S[],
  options: ObserveOptions = {},
): AsyncGenerator<readonly [signal: S, value: SignalValue<S>], void, void> {
  if (signals.length === 0) throw new UsageError("observeSignals needs a signal at least");
  const names = signals.map((s) => s.name || s.source).join(", ");
  const queue = new BoundedQueue<readonly [S, SignalValue<S>]>(MOST_WAITING, (problem) => reportError(names, problem));
  /** `left` counts the updates that came before the end. */
  const end: { done: boolean; left: number; error?: Error | undefined } = { done: false, left: 0 };
  let wake = () => {};
  const finish = (error?: Error) => {
    if (!end.done) end.left = queue.length;
    end.done = true;
    end.error ??= error;
    wake();
  };
  const what = () => `${names} to be updated`;
  const update = async () => {
    const quiet = deadline({ timeout: options.timeout }, what, finish);
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    quiet();
  };
  let last: readonly [S, Reading] | undefined;
  const subscriptions = signals.map((signal) => {
    const listen = (readings: Readings) => {
      const reading = Object.values(readings)[0] as Reading<SignalValue<S>>;
      last = [signal, reading];
      if (!isValid(reading)) return;
      queue.push([signal, reading.value]);
      wake();
    };
    return [signal, listen] as const;
  });
  const disarm = deadline({ timeout: options.doneTimeout, signal: options.signal }, what, finish);
  options.doneStatus?.addCallback((status) => finish(status.exception() ?? undefined));
  let turned = monotonicTime();
  try {
    for (const [signal, listen] of subscriptions) signal.subscribe(listen);
    while (true) {
      // A loop that causes updates itself would never come to the end of the queue.
      const next = end.error && end.left === 0 ? undefined : queue.shift();
      if (next) {
        end.left -= 1;
        yield next;
      } else if (end.done) break;
      else await update();
      if (monotonicTime() - turned < LONGEST_TURN) continue;
      await pieceDone();
      turned = monotonicTime();
    }
    if (end.error) throw await withLast(end.error, names, last);
  } finally {
    disarm();
    for (const [signal, listen] of subscriptions) signal.clearSub(listen);
    queue.end();
  }
}

/** A timeout with the last update in its message; any other error as it is. */
async function withLast(error: Error, names: string, last: readonly [SignalR, Reading] | undefined): Promise<Error> {
  if (!(error instanceof TimeoutError)) return error;
  if (!last) return new TimeoutError(`${error.message}: no value came`, { cause: error });
  const [signal, reading] = last;
  const name = signal.name || signal.source;
  return await timeoutWithLast(error, signal, reading, name === names ? undefined : name);
}

/** The type of the value of a signal. */
export type SignalValue<S> = S extends SignalR<infer T> ? T : never;

/** A value to reach, or a test of values. */
export type Match<T> = T | ((value: T) => boolean);

/**
 * Waits until the value of the signal matches.
 *
 * @param options `timeout` in seconds; default: wait for ever.
 * @returns the value that matches.
 * @throws TimeoutError with the last value in its message, and what the test of values throws.
 */
export async function waitForValue<T>(signal: SignalR<T>, match: Match<T>, options: DeadlineOptions = {}): Promise<T> {
  let last: Reading<T> | undefined;
  let listen: (readings: Readings<T>) => void = () => {};
  let disarm = () => {};
  try {
    return await new Promise<T>((resolve, reject) => {
      disarm = deadline(options, () => `${signal.name || signal.source} ${wanted(match)}`, reject);
      listen = (readings) => {
        last = Object.values(readings)[0];
        try {
          if (last && isValid(last) && matches(match, last.value)) resolve(last.value);
        } catch (error) {
          // Waiting for a condition that throws would never end.
          reject(error);
        }
      };
      signal.subscribe(listen);
    });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    throw await timeoutWithLast(error, signal, last);
  } finally {
    disarm();
    signal.clearSub(listen);
  }
}

export function matches<T>(match: Match<T>, value: T): boolean {
  return typeof match === "function" ? (match as (value: T) => boolean)(value) : Object.is(match, value);
}

/** What is waited for, after the name of the signal: "to become 5", "to fulfil the condition isCold". */
export function wanted<T>(match: Match<T>): string {
  if (typeof match !== "function") return `to become ${formatValue(match)}`;
  return `to fulfil the condition ${match.name}`.trimEnd();
}

const isValid = (reading: Reading): boolean => (reading.alarm_severity ?? 0) >= 0;

/**
 * A timeout with the last value that came in its message, with its unit.
 *
 * @param name the signal, where several are waited for
 */
export async function timeoutWithLast(
  error: TimeoutError,
  signal: SignalR,
  last: Reading | undefined,
  name?: string,
): Promise<TimeoutError> {
  return new TimeoutError(`${error.message}: ${await lastWords(signal, last, name)}`, { cause: error });
}

async function lastWords(signal: SignalR, last: Reading | undefined, name?: string): Promise<string> {
  if (!last) return "no value came";
  if (!isValid(last)) return last.message ?? "it has no valid value";
  const key = await keyOf(signal);
  const subject = name === undefined ? "the last value" : `the last value, of ${name},`;
  return `${subject} is ${withUnits(formatValue(last.value, { precision: key?.precision }), key?.units)}`;
}

/** The data key of a signal; undefined if its device does not answer, as the value is known all the same. */
async function keyOf(signal: SignalR): Promise<DataKey | undefined> {
  try {
    return (await signal.describe())[signal.name];
  } catch {
    return undefined;
  }
}
