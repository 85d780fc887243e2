/** Assertions about what devices read and what plans emit. */

import { deepStrictEqual, fail } from "node:assert/strict";
import type { Configurable, Readable, Reading, Readings } from "../core/protocols/protocols";
import type { DocumentName } from "../engine/documents/documents";

/** The expected value of each data key, or a reading with a value and maybe a timestamp or an alarm. */
export type ExpectedReadings = Readonly<Record<string, unknown>>;

/**
 * Asserts that a device reads these values under these data keys, and no others:
 * `await assertReading(motor, { motor: 3 })`. A `{ value, alarm_severity }` is compared with these members of
 * the reading.
 */
export async function assertReading(device: Readable, expected: ExpectedReadings): Promise<void> {
  compare(await device.read(), expected, device.name);
}

/** Asserts what a device records as configuration, in the same way. */
export async function assertConfiguration(
  device: Configurable & { readonly name: string },
  expected: ExpectedReadings,
): Promise<void> {
  compare(await device.readConfiguration(), expected, `the configuration of ${device.name}`);
}

/** Asserts the value of a signal. */
export async function assertValue<T>(
  signal: { readonly name: string; getValue(): T | Promise<T> },
  expected: T,
): Promise<void> {
  deepStrictEqual(await signal.getValue(), expected, `${signal.name} has another value`);
}

/**
 * Asserts how many documents of each name were emitted, and no others:
 * `assertEmitted(names, { start: 1, descriptor: 1, event: 3, stop: 1 })`.
 * @param emitted the names of the documents, or documents with their names
 */
export function assertEmitted(
  emitted: Iterable<DocumentName | { readonly name: DocumentName }>,
  expected: Readonly<Partial<Record<DocumentName, number>>>,
): void {
  const counts: Partial<Record<DocumentName, number>> = {};
  for (const document of emitted) {
    const name = typeof document === "string" ? document : document.name;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  deepStrictEqual(counts, { ...expected }, undefined);
}

function compare(readings: Readings, expected: ExpectedReadings, what: string): void {
  const keys = Object.keys(readings).sort();
  const wanted = Object.keys(expected).sort();
  if (JSON.stringify(keys) !== JSON.stringify(wanted)) {
    fail(`${what} reads ${keys.join(", ") || "nothing"}, not ${wanted.join(", ") || "nothing"}`);
  }
  const found: Record<string, unknown> = {};
  for (const key of wanted) found[key] = like(readings[key] as Reading, expected[key]);
  deepStrictEqual(found, { ...expected });
}

/** The value of a reading, or those members of the reading that are expected. */
function like(reading: Reading, expected: unknown): unknown {
  if (typeof expected !== "object" || expected === null || !("value" in expected)) return reading.value;
  return Object.fromEntries(
    Object.keys(expected).map((key) => [key, (reading as unknown as Record<string, unknown>)[key]]),
  );
}
