import { UsageError } from "../../errors";
import { MockSignalBackend } from "./mockSignalBackend";
import { backendOf, type Signal } from "./signal";
import type { Settle } from "./signalBackend";

/** Makes `value` what a mocked signal reads, as if the hardware had changed; also for read-only signals. */
export function setMockValue<T>(signal: Signal<T>, value: T): void {
  mockOf(signal).post(value);
}

/** All values put to a mocked signal so far, oldest first. */
export function mockPuts<T>(signal: Signal<T>): readonly T[] {
  return mockOf(signal).puts;
}

/** Plays the hardware: `fn` is called at each put; what it returns, if anything, becomes the value instead. Returns the undo. */
export function callbackOnMockPut<T>(signal: Signal<T>, fn: Settle<T>): () => void {
  const backend = mockOf(signal);
  const before = backend.onPut;
  backend.onPut = fn;
  return () => {
    backend.onPut = before;
  };
}

/** While false, puts to the signal are taken but not done. */
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

/** Whether the signal plays without hardware. */
export function isMocked(signal: Signal): boolean {
  return backendOf(signal) instanceof MockSignalBackend;
}

function mockOf<T>(signal: Signal<T>): MockSignalBackend<T> {
  const backend = backendOf(signal);
  if (backend instanceof MockSignalBackend) return backend;
  throw new UsageError(`${signal.name || signal.source} is not mocked: connect its device with {mock: true} first`);
}
