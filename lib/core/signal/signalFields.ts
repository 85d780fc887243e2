/** Struct and tuple signals whose fields are recorded under keys of their own. */

import type { DataKey, DataKeys, Reading, Readings, SyncOrAsync } from "../protocols/protocols";
import { backendOf, type SignalR, thenSync } from "./signal";
import type { ReadOptions } from "./signalBackend";

/**
 * The fields of a struct or tuple signal as readings `<signal>-<field>`. Other signals are read as they are.
 */
export function readFields(signal: SignalR, options?: ReadOptions): SyncOrAsync<Readings> {
  const fields = backendOf(signal).getFields?.();
  if (!fields) return signal.read(options);
  return thenSync(signal.read(options), (readings) => {
    const { value, ...rest } = readings[signal.name] as Reading;
    const flat: Record<string, Reading> = {};
    for (const [field, { pick }] of fields) flat[`${signal.name}-${field}`] = { value: pick(value), ...rest };
    return flat;
  });
}

/** The data keys of `readFields`. */
export function describeFields(signal: SignalR): SyncOrAsync<DataKeys> {
  const fields = backendOf(signal).getFields?.();
  if (!fields) return signal.describe();
  const keys: Record<string, DataKey> = {};
  for (const [field, { dataKey }] of fields) keys[`${signal.name}-${field}`] = { source: signal.source, ...dataKey };
  return keys;
}
