/**
 * A run as a NeXus file (HDF5): valid for NXsensor_scan, with a default plot, in the places of the SECoP
 * committee.
 */

import { basename } from "node:path";
import { timeNow } from "../../../clock";
import type { StreamResource } from "../../../engine/documents/documents";
import { dimensionsOf, fieldOf, hintedKeys, isScalarNumber } from "../../../live/view/streamFields";
import { framesOf, type Pixels, pathOfUri } from "../../reading/imageFiles";
import type { CollectedRun, CollectedStream } from "../collectRun";
import { type H5Group, Hdf5Writer, isoTime, nexusName } from "./hdf5Writer";
import { writeColumn } from "./nexusColumn";
import { writeSensors } from "./nexusSensors";

/** Images stay in their files and are linked, or are copied into the NeXus file. */
export type ImageChoice = "link" | "copy";

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
    writeEntry(writer, entry, run);
    const sample = writeSample(writer, entry, run);
    const instrument = writer.group(entry, "instrument", "NXinstrument");
    writer.field(instrument, "name", textOr(run.start.instrument, "secop-lab"));
    writeSensors(writer, instrument, sample, run);
    writeDefaultPlot(writer, entry, instrument, run);
    await writeImages(writer, instrument, run, images);
  } finally {
    writer.close();
  }
}

function writeEntry(writer: Hdf5Writer, entry: H5Group, { start, stop, streams }: CollectedRun): void {
  const number = start.scan_id === undefined ? "" : ` #${start.scan_id}`;
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
  writer.field(bluesky, "exit_status", stop?.exit_status ?? "unfinished");
  writer.field(bluesky, "reason", stop?.reason);
  for (const stream of streams) writeConfiguration(writer, bluesky, stream);
  for (const stream of streams) if (stream.name !== "primary") writeStream(writer, bluesky, stream, start.time);
}

const textOr = (value: unknown, otherwise: string): string =>
  typeof value === "string" && value !== "" ? value : otherwise;

function writeConfiguration(writer: Hdf5Writer, parent: H5Group, { name, descriptors }: CollectedStream): void {
  // Sources, precisions and limits: as attributes of the columns they would make the file invalid.
  writer.field(parent, `data_keys_${name}`, descriptors[0]?.data_keys);
  const devices = descriptors.flatMap(({ configuration }) => Object.entries(configuration ?? {}));
  for (const [device, { data, data_keys }] of new Map(devices)) {
    const group = writer.group(parent, `configuration_${name}_${device}`, "NXcollection");
    for (const [key, value] of Object.entries(data ?? {}))
      writer.field(group, key, value, { units: data_keys?.[key]?.units || undefined });
  }
}

/** Any other stream, with the timestamps of its values. */
function writeStream(writer: Hdf5Writer, parent: H5Group, stream: CollectedStream, started: number): void {
  const group = writer.group(parent, `stream_${stream.name}`, "NXcollection");
  writeColumns(writer, group, stream, started);
  for (const key of stream.keys.keys()) {
    const times = stream.rows.map(({ timestamps, time }) => (timestamps?.[key] ?? time) - started);
    writer.numbers(group, `${key}_timestamps`, times, [times.length], { units: "s" });
  }
}

/** The columns of a stream. @returns their paths by data key */
function writeColumns(
  writer: Hdf5Writer,
  group: H5Group,
  stream: CollectedStream,
  started: number,
): Map<string, string> {
  const paths = new Map<string, string>();
  for (const [name, key] of stream.keys) {
    const units = key.units || undefined;
    const values = stream.rows.map(({ data }) => data[name]);
    const long_name = units ? `${name} (${units})` : name;
    const path = writeColumn(writer, group, name, values, key, { units, long_name });
    if (path !== undefined) paths.set(name, path);
  }
  const times = stream.rows.map(({ time }) => time - started);
  const long_name = `time since ${isoTime(started) ?? "the start"} (s)`;
  writer.numbers(group, "time", times, [times.length], { units: "s", long_name });
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
  if (typeof sample.mass === "number") writer.field(group, "mass", sample.mass, { units: "g" });
  return group;
}

/** The primary stream as the plot that programs show first. */
function writeDefaultPlot(writer: Hdf5Writer, entry: H5Group, instrument: H5Group, run: CollectedRun): void {
  const stream = run.streams.find(({ name }) => name === "primary") ?? run.streams[0];
  const [descriptor] = stream?.descriptors ?? [];
  if (!stream || !descriptor || stream.rows.length === 0) {
    writer.group(entry, "data", "NXdata");
    return;
  }
  const dimensions = dimensionsOf(run.start);
  const motors = dimensions.fields.filter((name) => stream.keys.has(name));
  const axis = dimensions.axes.find((name) => stream.keys.has(name));
  const hinted = hintedKeys(descriptor, dimensions).filter((name) => {
    const field = fieldOf(name, descriptor);
    return field !== undefined && stream.keys.has(name) && isScalarNumber(field, descriptor);
  });
  const signal = hinted[0] ?? [...stream.keys.keys()].find((name) => name !== axis) ?? axis;
  const others = hinted.slice(1).map(nexusName);
  const indices = motors.map((name) => [`${nexusName(name)}_indices`, 0] as const);
  const group = writer.group(entry, "data", "NXdata", {
    signal: signal === undefined ? undefined : nexusName(signal),
    axes: axis === undefined ? "time" : nexusName(axis),
    ...(others.length > 0 && { auxiliary_signals: others }),
    ...Object.fromEntries(axis === undefined ? [["time_indices", 0]] : indices),
  });
  const paths = writeColumns(writer, group, stream, run.start.time);
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
}

async function writeImages(
  writer: Hdf5Writer,
  instrument: H5Group,
  run: CollectedRun,
  choice: ImageChoice,
): Promise<void> {
  const byKey = new Map<string, StreamResource[]>();
  for (const resource of run.resources)
    byKey.set(resource.data_key, [...(byKey.get(resource.data_key) ?? []), resource]);
  for (const [key, resources] of byKey) {
    const detector = writer.group(instrument, key, "NXdetector");
    for (const resource of resources) {
      const note = writer.group(detector, "data_file", "NXnote");
      writer.field(note, "type", resource.mimetype);
      writer.field(note, "file_name", resource.uri);
      writer.field(note, "description", resource.parameters);
    }
    const [first] = resources;
    if (choice === "copy") await copyFrames(writer, detector, run, resources);
    else if (first && /hdf5/.test(first.mimetype))
      writer.externalLink(
        pathOfUri(first.uri),
        String(first.parameters.dataset ?? "/entry/data/data"),
        detector,
        "data",
      );
  }
}

async function copyFrames(
  writer: Hdf5Writer,
  detector: H5Group,
  run: CollectedRun,
  resources: readonly StreamResource[],
): Promise<void> {
  const frames = [];
  for await (const frame of framesOf(resources, run.data)) frames.push(frame);
  const [first] = frames;
  if (first === undefined) return;
  const size = first.data.length;
  const { shape } = first;
  const values = new (first.data.constructor as new (length: number) => Pixels)(size * frames.length);
  for (const [i, { data }] of frames.entries()) values.set(data, i * size);
  const dtype = DTYPES[first.data.constructor.name] ?? "<d";
  writer.array(detector, "data", { values, shape: [frames.length, ...shape], dtype }, { units: "counts" });
}

const DTYPES: Readonly<Record<string, string>> = {
  Uint8Array: "<B",
  Uint16Array: "<H",
  Uint32Array: "<I",
  Int16Array: "<h",
  Int32Array: "<i",
  Float32Array: "<f",
  Float64Array: "<d",
};
