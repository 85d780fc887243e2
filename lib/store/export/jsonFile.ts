/** A run as one JSON value. */

import { plainJson } from "../files/documentLine";
import { type CollectedRun, exitStatus } from "./collectRun";
import type { PartFile } from "./partFile";

/**
 * Writes
 * `{exit_status, start, stop, streams: {NAME: {data_keys, configuration, seq_num, time, data, timestamps}}}`
 * with columns as lists. Numbers that JSON does not know (NaN, Infinity) are `null`, so that every tool reads
 * it.
 */
export function writeJson(file: PartFile, run: CollectedRun): void {
  const streams = run.streams.map(({ name, descriptors, keys, rows }) => {
    const columns = (of: "data" | "timestamps") =>
      Object.fromEntries([...keys.keys()].map((key) => [key, rows.map((row) => row[of]?.[key] ?? null)]));
    const [first] = descriptors;
    const content = {
      data_keys: first?.data_keys,
      configuration: first?.configuration,
      hints: first?.hints,
      seq_num: rows.map(({ seq_num }) => seq_num),
      time: rows.map(({ time }) => time),
      data: columns("data"),
      timestamps: columns("timestamps"),
    };
    return [name, content];
  });
  const { start, stop, resources, data } = run;
  const external = resources.length > 0 ? { stream_resource: resources, stream_datum: data } : {};
  const value = {
    exit_status: exitStatus(stop),
    start,
    stop: stop ?? null,
    streams: Object.fromEntries(streams),
    ...external,
  };
  file.write(`${plainJson(value)}\n`);
}
