/** What tests do with mocked signals: set values, look at puts, play the hardware, hold puts back. */

import { UsageError } from "../../errors";
import { MockSignalBackend } from "./mockSignalBackend";
import { backendOf, type Signal } from "./signal";
import type { Settle } from "./signalBackend";

/** Changes the value of a mocked signal as hardware would. Works for read-only signals, too. */
export function setMockValue<T>(signal: Signal<T>, value: T): void {
  mockOf(signal).post(value);
}

/** All values put to a mocked signal so far, oldest first. */
export function mockPuts<T>(signal: Signal<T>): readonly T[] {
  return mockOf(signal).puts;
}

/**
 * Plays the hardware: `fn` is called at each put. If it returns a value, that is the new value. Returns a
 * function that removes `fn`.
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

/** Whether the signal was connected with `{mock: true}`. */
export function isMocked(signal: Signal): boolean {
  return backendOf(signal) instanceof MockSignalBackend;
}

function mockOf<T>(signal: Signal<T>): MockSignalBackend<T> {
  const backend = backendOf(signal);
  if (backend instanceof MockSignalBackend) return backend;
  throw new UsageError(`${signal.name || signal.source} is not mocked: connect its device with {mock: true} first`);
}
