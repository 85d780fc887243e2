/**
 * A run as a NeXus file (HDF5): valid for NXsensor_scan, with a default plot, in the places of the SECoP
 * committee.
 */

import { basename, dirname, resolve } from "node:path";
import { timeNow } from "../../../clock";
import type { ImageChoice } from "../../../engine/result/runExports";
import { hasNumber } from "../../../live/view/runHeader";
import { dimensionsOf, fieldOf, hintedKeys, isScalarNumber } from "../../../live/view/streamFields";
import { type CollectedRun, type CollectedStream, exitStatus } from "../collectRun";
import { type H5Group, Hdf5Writer, isoTime } from "./hdf5Writer";
import { writeColumn } from "./nexusColumn";
import { writeImages } from "./nexusImages";
import { writeSensors } from "./nexusSensors";

/** The version of the NeXus definitions that is followed. */
const DEFINITIONS = "2026.01";
/** Keys of the start document that stand in places of their own. */
const SAMPLE = [
  ["name", "name"],
  ["formula", "chemical_formula"],
  ["chemical_formula", "chemical_formula"],
  ["description", "description"],
] as const;

/** Writes the file `part`, which will be called `path`. */
export async function writeNexus(part: string, path: string, run: CollectedRun, images: ImageChoice): Promise<void> {
  const writer = await Hdf5Writer.open(part);
  try {
    writer.attributes(writer.root, {
      NX_class: "NXroot",
      default: "entry",
      file_name: basename(path),
      file_time: isoTime(timeNow()),
      creator: "secop-lab",
      NeXus_version: DEFINITIONS,
    });
    const entry = writer.group(writer.root, "entry", "NXentry", { default: "data" });
    const bluesky = writeEntry(writer, entry, run);
    const sample = writeSample(writer, entry, run);
    const instrument = writer.group(entry, "instrument", "NXinstrument");
    writer.field(instrument, "name", textOr(run.start.instrument, "secop-lab"));
    writeSensors(writer, instrument, sample, run);
    const plotted = writeDefaultPlot(writer, entry, instrument, run);
    for (const stream of run.streams) writeStream(writer, bluesky, stream, run.start.time, plotted.get(stream));
    await writeImages(writer, instrument, run, { choice: images, folder: dirname(resolve(path)) });
  } finally {
    writer.close();
  }
}

/** @returns the group of all that has no place of its own in NeXus */
function writeEntry(writer: Hdf5Writer, entry: H5Group, { start, stop, streams }: CollectedRun): H5Group {
  const number = hasNumber(start) ? ` #${start.scan_id}` : "";
  writer.field(entry, "title", textOr(start.title, `${start.plan_name ?? "run"}${number} ${start.uid.slice(0, 8)}`));
  writer.field(entry, "entry_identifier_uuid", start.uid);
  writer.field(entry, "start_time", isoTime(start.time));
  if (stop) {
    writer.field(entry, "end_time", isoTime(stop.time));
    // A whole number, as the definition asks for.
    const ms = Math.round((stop.time - start.time) * 1000);
    if (Number.isFinite(ms)) writer.integers(entry, "duration", [ms], [], { units: "ms" });
  }
  writer.field(entry, "definition", "NXsensor_scan", { version: DEFINITIONS });
  const version = String((start.versions as Record<string, unknown> | undefined)?.["secop-lab"] ?? "");
  writer.field(entry, "program_name", "secop-lab", { version });
  const process = writer.group(entry, "process", "NXprocess");
  writer.field(process, "program", "secop-lab", { version, program_url: "none" });
  const user = writer.group(entry, "user", "NXuser");
  writer.field(user, "name", textOr(start.user, textOr(start.operator, "unknown")));
  const bluesky = writer.group(entry, "bluesky", "NXcollection");
  for (const [key, value] of Object.entries(start)) writer.field(bluesky, key, value);
  writer.field(bluesky, "exit_status", exitStatus(stop));
  writer.field(bluesky, "reason", stop?.reason);
  for (const stream of streams) writeConfiguration(writer, bluesky, stream);
  return bluesky;
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;

function writeConfiguration(writer: Hdf5Writer, parent: H5Group, { name, descriptors }: CollectedStream): void {
  // Sources, precisions and limits: as attributes of the columns they would make the file invalid.
  writer.field(parent, `data_keys_${name}`, descriptors[0]?.data_keys);
  // The groups below have the last configuration of each device.
  if (descriptors.length > 1) writer.field(parent, `descriptors_${name}`, descriptors);
  const devices = descriptors.flatMap(({ configuration }) => Object.entries(configuration ?? {}));
  for (const [device, { data, data_keys }] of new Map(devices)) {
    const group = writer.group(parent, `configuration_${name}_${device}`, "NXcollection");
    for (const [key, value] of Object.entries(data ?? {}))
      writer.field(group, key, value, { units: data_keys?.[key]?.units || undefined });
  }
}

/** The columns of a stream by their paths in the file, by data key. */
type ColumnPaths = ReadonlyMap<string, string>;

/** A stream with the times of its values. @param written its columns, if they stand in the file already */
function writeStream(
  writer: Hdf5Writer,
  parent: H5Group,
  stream: CollectedStream,
  started: number,
  written: ColumnPaths | undefined,
): void {
  const group = writer.group(parent, `stream_${stream.name}`, "NXcollection");
  if (written) for (const [key, path] of written) writer.link(path, group, key);
  else writeColumns(writer, group, stream, started);
  for (const key of stream.keys.keys()) {
    const times = stream.rows.map(({ timestamps, time }) => (timestamps?.[key] ?? time) - started);
    writer.numbers(group, `${key}_timestamps`, times, [times.length], { units: "s" });
  }
}

/** The columns of a stream. @returns their paths by data key */
function writeColumns(writer: Hdf5Writer, group: H5Group, stream: CollectedStream, started: number): ColumnPaths {
  const paths = new Map<string, string>();
  // First, so that no column has its name.
  const times = stream.rows.map(({ time }) => time - started);
  const long_name = `time since ${isoTime(started) ?? "the start"} (s)`;
  writer.numbers(group, "time", times, [times.length], { units: "s", long_name });
  for (const [name, key] of stream.keys) {
    const units = key.units || undefined;
    const values = stream.rows.map(({ data }) => data[name]);
    const long_name = units ? `${name} (${units})` : name;
    const path = writeColumn(writer, group, name, values, key, { units, long_name });
    if (path !== undefined) paths.set(name, path);
  }
  return paths;
}

function writeSample(writer: Hdf5Writer, entry: H5Group, { start }: CollectedRun): H5Group {
  const group = writer.group(entry, "sample", "NXsample");
  const given = start.sample;
  const sample = typeof given === "object" && given !== null ? (given as Record<string, unknown>) : { name: given };
  const written = new Set<string>();
  for (const [key, name] of SAMPLE) {
    if (typeof sample[key] !== "string" || written.has(name)) continue;
    writer.field(group, name, sample[key]);
    written.add(name);
  }
  // The definition asks for a name.
  if (!written.has("name")) writer.field(group, "name", "unknown");
  if (typeof sample.mass === "number") writer.field(group, "mass", sample.mass, { units: "g" });
  return group;
}

/**
 * The primary stream as the plot that programs show first.
 * @returns the columns of the stream that is plotted
 */
function writeDefaultPlot(
  writer: Hdf5Writer,
  entry: H5Group,
  instrument: H5Group,
  run: CollectedRun,
): Map<CollectedStream, ColumnPaths> {
  const stream = run.streams.find(({ name }) => name === "primary") ?? run.streams[0];
  const [descriptor] = stream?.descriptors ?? [];
  const group = writer.group(entry, "data", "NXdata");
  if (!stream || !descriptor || stream.rows.length === 0) return new Map();
  const paths = writeColumns(writer, group, stream, run.start.time);
  const nameOf = (key: string): string => basename(paths.get(key) ?? "");
  const isNumber = (key: string): boolean => {
    const path = paths.get(key);
    // Values that are not as described can have made it a column of texts.
    if (path === undefined || writer.isText(path)) return false;
    const field = fieldOf(key, descriptor);
    return field !== undefined && isScalarNumber(field, descriptor);
  };
  const dimensions = dimensionsOf(run.start);
  const motors = dimensions.fields.filter((key) => paths.has(key));
  const axis = dimensions.axes.find((key) => paths.has(key));
  const hinted = hintedKeys(descriptor, dimensions).filter(isNumber);
  const signal = hinted[0] ?? [...paths.keys()].find((key) => key !== axis && isNumber(key)) ?? axis;
  const others = hinted.slice(1).map(nameOf);
  writer.attributes(group, {
    signal: signal === undefined ? undefined : nameOf(signal),
    axes: axis === undefined ? "time" : nameOf(axis),
    ...(others.length > 0 && { auxiliary_signals: others }),
    ...Object.fromEntries(
      axis === undefined ? [["time_indices", 0]] : motors.map((key) => [`${nameOf(key)}_indices`, 0]),
    ),
  });
  for (const motor of motors) {
    const path = paths.get(motor);
    if (path === undefined) continue;
    const positioner = writer.group(instrument, `positioner_${motor}`, "NXpositioner");
    writer.field(positioner, "name", motor);
    writer.link(path, positioner, "value");
    const limits = stream.keys.get(motor)?.limits?.control;
    const units = stream.keys.get(motor)?.units || undefined;
    for (const [name, limit] of [
      ["soft_limit_min", limits?.low],
      ["soft_limit_max", limits?.high],
    ] as const)
      if (typeof limit === "number" && Math.abs(limit) < 1e300) writer.field(positioner, name, limit, { units });
  }
  return new Map([[stream, paths]]);
}
