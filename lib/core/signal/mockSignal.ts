/** Functions for tests with mocked signals: set values, look at puts, play the hardware, hold puts back. */

import { UsageError } from "../../errors";
import { MockSignalBackend } from "./mockSignalBackend";
import { backendOf, type Signal, type SignalR, type SignalRW, thenSync } from "./signal";
import type { Settle } from "./signalBackend";

/** Changes the value of a mocked signal as hardware would. Works for read-only signals, too. */
export function setMockValue<T>(signal: Signal<T>, value: T): void {
  mockOf(signal).post(value);
}

/** All values put to a mocked signal so far, oldest first. */
export function mockPuts<T>(signal: Signal<T>): readonly T[] {
  return mockOf(signal).calls.values;
}

/**
 * Plays the hardware: `fn` is called at each put. If it returns a value, that is the new value.
 *
 * @returns a function that removes `fn`.
 */
export function callbackOnMockPut<T>(signal: Signal<T>, fn: Settle<T>): () => void {
  const backend = mockOf(signal);
  const before = backend.onPut;
  backend.onPut = fn;
  return () => {
    backend.onPut = before;
  };
}

/** While `proceeds` is false, puts to the signal begin but are not done. */
export function setMockPutProceeds(signal: Signal, proceeds: boolean): void {
  mockOf(signal).proceeds = proceeds;
}

/** Runs `fn` while puts to the signals are held back. */
export async function mockPutsBlocked<R>(signals: readonly Signal[], fn: () => R | Promise<R>): Promise<R> {
  for (const signal of signals) setMockPutProceeds(signal, false);
  try {
    return await fn();
  } finally {
    for (const signal of signals) setMockPutProceeds(signal, true);
  }
}

/**
 * Changes the value of a mocked signal to each of `values` in turn: at each step of the loop that takes them,
 * and not before. `for (const value of setMockValues(signal, [1, 2, 3])) ...`
 */
export function* setMockValues<T>(signal: Signal<T>, values: Iterable<T>): Generator<T, void, void> {
  for (const value of values) {
    setMockValue(signal, value);
    yield value;
  }
}

/** Changes the unit of a mocked signal. */
export function setMockUnits(signal: Signal, units: string): void {
  mockOf(signal).shown = { ...mockOf(signal).shown, units };
}

/** Changes the digits after the decimal point of a mocked signal. */
export function setMockPrecision(signal: Signal, precision: number): void {
  mockOf(signal).shown = { ...mockOf(signal).shown, precision };
}

/**
 * From now on a mocked readback takes the value of its setpoint at the end of each put to the setpoint,
 * unless something else has changed the readback in the meantime. Without effect for signals that are not
 * mocked.
 */
export function mockFollows<T>(readback: SignalR<T>, setpoint: SignalRW<T>): void {
  if (readback === setpoint || !isMocked(readback) || !isMocked(setpoint)) return;
  const [follower, leader] = [mockOf<T>(readback), mockOf<T>(setpoint)];
  leader.onMove = () => {
    const before = follower.getReading();
    return () => {
      if (follower.getReading() === before) void thenSync(leader.getReading(), ({ value }) => follower.post(value));
    };
  };
}

/** Whether the signal was connected with `{mock: true}`. */
export function isMocked(signal: Signal): boolean {
  return backendOf(signal) instanceof MockSignalBackend;
}

function mockOf<T>(signal: Signal<T>): MockSignalBackend<T> {
  const backend = backendOf(signal);
  if (backend instanceof MockSignalBackend) return backend;
  throw new UsageError(`${signal.name || signal.source} is not mocked: connect its device with {mock: true} first`);
}
