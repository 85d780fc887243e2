/** Setting one signal and waiting for the value of another. */

import type { Movable, Reading, Readings, SetOptions } from "../protocols/protocols";
import { deadline, TimeoutError } from "../status/deadline";
import { Status } from "../status/status";
import { statusOf } from "../status/statusOf";
import { type Match, matches, timeoutWithLast, wanted } from "./observe";
import type { SignalR, SignalRW } from "./signal";

/** Options of `setAndWaitForValue` and `setAndWaitForOtherValue`. */
export interface SetAndWaitOptions extends SetOptions {
  /** Whether to wait for the end of the set, too, and not only for the value. Default true. */
  readonly waitForSet?: boolean;
}

/**
 * Sets `signal` and waits until `other` matches. Updates are watched from before the set, so that none is
 * missed. A failure of the set fails the status at once. `timeout` is 10 s by default.
 */
export function setAndWaitForOtherValue<S, T>(
  signal: Movable<S>,
  value: S,
  other: SignalR<T>,
  match: Match<T>,
  options: SetAndWaitOptions = {},
): Status {
  const { waitForSet = true, ...ofSet } = options;
  const { timeout = 10 } = ofSet;
  const what = `${other.name || other.source} ${wanted(match)} after setting ${signal.name || "a signal"}`;
  let last: Reading<T> | undefined;
  return new Status((resolve, reject) => {
    // A matching value from before the set counts only once the set is done: it may still change.
    const seen = { set: !waitForSet, match: false, current: false };
    let started = false;
    let failed = false;
    const settle = (error?: Error) => {
      if (!error && !(seen.set && (seen.match || seen.current))) return;
      disarm();
      other.clearSub(listen);
      if (error instanceof TimeoutError) void timeoutWithLast(error, other, last).then(reject, reject);
      else if (error) reject(error);
      else resolve();
    };
    const listen = (readings: Readings<T>) => {
      const reading = Object.values(readings)[0] as Reading<T>;
      last = reading;
      try {
        seen.current = (reading.alarm_severity ?? 0) >= 0 && matches(match, reading.value);
      } catch (error) {
        // Waiting for a condition that throws would never end.
        failed = true;
        settle(error as Error);
      }
      if (!started || failed) return;
      seen.match ||= seen.current;
      settle();
    };
    const disarm = deadline({ timeout, signal: options.signal }, what, settle);
    try {
      other.subscribe(listen);
      started = true;
      if (failed) return;
      statusOf(signal.set(value, ofSet), signal.name)?.addCallback((status) => {
        seen.set ||= status.success;
        settle(status.exception() ?? undefined);
      });
    } catch (error) {
      settle(error as Error);
    }
  }, what);
}

/** Sets `signal` and waits until its own value matches, by default until it is the value that was set. */
export function setAndWaitForValue<T>(
  signal: SignalRW<T>,
  value: T,
  options: SetAndWaitOptions & { readonly match?: Match<T> } = {},
): Status {
  const { match, ...others } = options;
  return setAndWaitForOtherValue(signal, value, signal, match ?? value, others);
}
