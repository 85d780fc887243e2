/** The times of single values as columns of their own. */

import type { DataKey } from "../../engine/documents/documents";
import type { CollectedStream } from "./collectRun";

/**
 * The stream with a column `ts_KEY` for each data key: when its value was measured, in seconds since 1970, as
 * the tables of a Tiled server have it. A data key that is called like one of them keeps its name; the column
 * of the times gets a number.
 */
export function withTimestamps(stream: CollectedStream): CollectedStream {
  const taken = new Set(stream.keys.keys());
  const names = new Map<string, string>();
  for (const key of stream.keys.keys()) {
    let name = `ts_${key}`;
    for (let i = 2; taken.has(name); i += 1) name = `ts_${key}_${i}`;
    taken.add(name);
    names.set(key, name);
  }
  const described = (key: string): DataKey => ({
    source: `the time of ${key}`,
    dtype: "number",
    shape: [],
    units: "s",
  });
  const times = [...names].map(([key, name]): [string, DataKey] => [name, described(key)]);
  const rows = stream.rows.map((row) => {
    const own = [...names].map(([key, name]) => [name, row.timestamps?.[key]]);
    return { ...row, data: { ...row.data, ...Object.fromEntries(own) } };
  });
  const { name, descriptors } = stream;
  return { name, descriptors, keys: new Map([...stream.keys, ...times]), rows };
}
