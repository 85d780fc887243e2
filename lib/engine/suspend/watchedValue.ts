/** Takes the value of a watched signal out of the readings that its subscribers get. */

import type { Reading, Readings, Subscribable } from "../../core/protocols/protocols";

/** The value of a signal, or why there is none. */
export interface WatchedValue<T> {
  readonly value: T;
  /**
   * Why the value says nothing about the signal, e.g. "connection lost"; undefined if it is valid. Compared
   * with a number, the `null` of a lost connection would count as 0.
   */
  readonly invalid: string | undefined;
}

/** The newest value of the signal. */
export function watchedValue<T>(signal: Subscribable<T>, readings: Readings<T>): WatchedValue<T> {
  const reading: Reading<T> | undefined = readings[signal.name] ?? Object.values(readings)[0];
  const { value, alarm_severity = 0, message } = reading ?? { value: null as T };
  const isInvalid = alarm_severity < 0 || value === null || value === undefined;
  return { value, invalid: isInvalid ? (message ?? "none has come") : undefined };
}
