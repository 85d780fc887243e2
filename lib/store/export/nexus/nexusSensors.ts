/** SEC nodes in a NeXus file: an NXenvironment each, with an NXsensor for each module. */

import type { DataKey } from "../../../engine/documents/documents";
import type { CollectedRun } from "../collectRun";
import { isList } from "../columnKind";
import { codedValues } from "./codedValues";
import { type Attributes, type H5Group, type Hdf5Writer, isoTime } from "./hdf5Writer";
import { writeColumn } from "./nexusColumn";

/** SECoP's property `meaning`: what a module measures. */
interface Meaning {
  readonly function?: string;
  readonly importance?: number;
  readonly belongs_to?: string;
}

/**
 * SECoP's `meaning.function` without `_regulation`: the measurement of an NXsensor, and the field of
 * NXsample.
 */
const MEASUREMENTS: Readonly<Record<string, { readonly measurement: string; readonly inSample?: string }>> = {
  temperature: { measurement: "temperature", inSample: "temperature" },
  magneticfield: { measurement: "magnetic_field", inSample: "magnetic_field" },
  electricfield: { measurement: "electric_field", inSample: "electric_field" },
  pressure: { measurement: "pressure", inSample: "pressure" },
  stress: { measurement: "stress", inSample: "stress_field" },
  ph: { measurement: "pH" },
  conductivity: { measurement: "conductivity" },
  voltage: { measurement: "voltage" },
  flowrate: { measurement: "flow" },
  strain: { measurement: "strain" },
  shear: { measurement: "shear" },
  surfacepressure: { measurement: "surface_pressure" },
};

const withoutRegulation = (text: string | undefined): string | undefined => text?.replace(/_regulation$/, "");

interface Parameter {
  readonly key: DataKey;
  /** The values by their timestamps, from all streams. */
  readonly points: Map<number, unknown>;
}

interface Sensor {
  readonly node: string;
  /** The name of the device of the node. */
  readonly device: string;
  readonly module: string;
  readonly parameters: Map<string, Parameter>;
  readonly properties: Map<string, { readonly value: unknown; readonly units: string | undefined }>;
  meaning: Meaning | undefined;
  /** Paths in the file. */
  value?: string;
  log?: string;
}

/** The source of a data key of SECoP: `host:port:module:parameter`. */
const SOURCE = /^(.+:\d+):([^:]+):([^:]+)$/;

/** Writes the environments, and links what is most important for the sample. */
export function writeSensors(writer: Hdf5Writer, instrument: H5Group, sample: H5Group, run: CollectedRun): void {
  const sensors = sensorsOf(run);
  const environments = new Map<string, H5Group>();
  for (const sensor of sensors) {
    let environment = environments.get(sensor.node);
    if (!environment) {
      environment = writer.group(instrument, sensor.device, "NXenvironment");
      writer.field(environment, "name", sensor.device);
      writer.field(environment, "program", "SECoP");
      writer.field(environment, "description", sensor.node);
      environments.set(sensor.node, environment);
      const described = run.nodes.get(sensor.device);
      if (described !== undefined) {
        const note = writer.group(environment, "secop_description", "NXcollection");
        writer.field(note, "type", "application/json");
        writer.field(note, "data", described);
      }
    }
    writeSensor(writer, environment, sensor, run.start.time);
  }
  for (const [field, { value, log }] of mostImportant(sensors)) {
    if (value !== undefined) writer.link(value, sample, field);
    if (log !== undefined) writer.link(log, sample, `${field}_log`);
  }
}

function sensorsOf({ streams }: CollectedRun): Sensor[] {
  const sensors = new Map<string, Sensor>();
  for (const { keys, rows } of streams) {
    for (const [name, key] of keys) {
      const [, node, module, parameter] = SOURCE.exec(key.source ?? "") ?? [];
      if (node === undefined || module === undefined || parameter === undefined) continue;
      const id = `${node}:${module}`;
      const at = name.indexOf(`-${module}`);
      const device = at > 0 ? name.slice(0, at) : (key.object_name ?? node);
      const sensor = sensors.get(id) ?? {
        node,
        device,
        module,
        parameters: new Map(),
        properties: new Map(),
        meaning: undefined,
      };
      sensors.set(id, sensor);
      const known = sensor.parameters.get(parameter) ?? { key, points: new Map<number, unknown>() };
      sensor.parameters.set(parameter, known);
      for (const row of rows) known.points.set(row.timestamps?.[name] ?? row.time, row.data[name]);
    }
  }
  for (const sensor of sensors.values()) addProperties(sensor, streams);
  return [...sensors.values()];
}

/** What the configuration says of the module: `NODE-MODULE-description` and the like. */
function addProperties(sensor: Sensor, streams: CollectedRun["streams"]): void {
  const prefix = `${sensor.device}-${sensor.module}-`;
  for (const { descriptors } of streams)
    for (const { configuration } of descriptors)
      for (const { data, data_keys } of Object.values(configuration ?? {}))
        for (const [key, value] of Object.entries(data ?? {})) {
          if (!key.startsWith(prefix)) continue;
          sensor.properties.set(key.slice(prefix.length), { value, units: data_keys?.[key]?.units ?? undefined });
        }
  sensor.meaning = meaningOf(sensor.properties.get("meaning")?.value);
}

function meaningOf(value: unknown): Meaning | undefined {
  try {
    const meaning: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return typeof meaning === "object" && meaning !== null ? (meaning as Meaning) : undefined;
  } catch {
    return undefined;
  }
}

/** A sensor of NeXus has a number; a module without one is a collection of what else is known of it. */
function writeSensor(writer: Hdf5Writer, environment: H5Group, sensor: Sensor, started: number): void {
  const logs = [...sensor.parameters].map(([name, { key, points }]) => ({ name, key, points: inOrder(points) }));
  const measured = logs.find(({ name }) => name === "value");
  const value = measured && lastNumbers(measured.points, measured.key);
  const group = writer.group(environment, sensor.module, value ? "NXsensor" : "NXcollection");
  writer.field(group, "name", `${sensor.device}-${sensor.module}`);
  const what = withoutRegulation(sensor.meaning?.function);
  writer.field(group, "measurement", what && (MEASUREMENTS[what]?.measurement ?? what));
  if (what)
    writer.field(group, "attached_to", sensor.meaning?.belongs_to === "sample" ? "sample" : "sample environment");
  if (sensor.properties.size > 0) {
    const properties = writer.group(group, "properties", "NXcollection");
    for (const [name, { value, units }] of sensor.properties) writer.field(properties, name, value, { units });
  }
  for (const { name, key, points } of logs) {
    if (points.length === 0) continue;
    const log = writeLog(writer, group, `${name}_log`, points, key, started);
    if (name !== "value" || !value) continue;
    const shape = value.length === 1 ? [] : [value.length];
    const path = writer.numbers(group, "value", value, shape, { units: key.units ?? "" });
    // The sample has one value of a kind, which neither codes nor lists are.
    if (log === undefined) continue;
    if (path !== undefined) sensor.value = path;
    sensor.log = log;
  }
}

type Points = readonly (readonly [time: number, value: unknown])[];

const inOrder = (points: Parameter["points"]): Points =>
  [...points].filter(([time]) => Number.isFinite(time)).sort(([a], [b]) => a - b);

/** The last value of a module as numbers: one, those of a list, or the code of an enum. */
function lastNumbers(points: Points, key: DataKey): readonly number[] | undefined {
  const last = points.at(-1)?.[1];
  if (typeof last === "number") return [last];
  if (typeof last === "boolean") return [Number(last)];
  if (isList(last)) {
    const numbers = Array.from(last);
    return numbers.length > 0 && numbers.every((item) => typeof item === "number") ? numbers : undefined;
  }
  return codedValues([last], key)?.codes;
}

/**
 * A log of numbers, or of the codes of enums and states with their names; of anything else, texts beside
 * their times. @returns the path of a log of numbers
 */
function writeLog(
  writer: Hdf5Writer,
  parent: H5Group,
  name: string,
  points: Points,
  key: DataKey,
  started: number,
): string | undefined {
  const times = points.map(([time]) => time - started);
  const values = points.map(([, value]) => value);
  const ofTime: Attributes = { units: "s", start: isoTime(started) };
  const coded = codedValues(values, key);
  if (coded) {
    const group = writer.group(parent, name, "NXlog");
    writer.integers(group, "value", coded.codes, [values.length]);
    writer.numbers(group, "time", times, [times.length], ofTime);
    writer.field(group, "description", coded.meaning);
    // The definition of NXlog allows no further fields.
    const words = writer.group(parent, `${name}_words`, "NXcollection");
    writer.texts(words, "names", coded.names);
    if (coded.texts) writer.texts(words, "texts", coded.texts);
    return undefined;
  }
  if (!values.every((value) => typeof value === "number")) {
    const group = writer.group(parent, name, "NXcollection");
    writeColumn(writer, group, "value", values, {}, {});
    writer.numbers(group, "time", times, [times.length], ofTime);
    return undefined;
  }
  const group = writer.group(parent, name, "NXlog");
  const units = key.units || undefined;
  writer.numbers(group, "value", values, [values.length], { units });
  writer.numbers(group, "time", times, [times.length], ofTime);
  let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
  }
  writer.field(group, "minimum_value", low, { units });
  writer.field(group, "maximum_value", high, { units });
  writer.field(group, "average_value", sum / values.length, { units });
  return group.path;
}

/**
 * Of the sensors of each field of the sample the one with the highest importance; a regulation comes after.
 */
function mostImportant(sensors: readonly Sensor[]): Map<string, Sensor> {
  const rank = ({ meaning }: Sensor) =>
    (meaning?.importance ?? 0) - (/_regulation$/.test(meaning?.function ?? "") ? 0.5 : 0);
  const best = new Map<string, Sensor>();
  for (const sensor of sensors) {
    const field = MEASUREMENTS[withoutRegulation(sensor.meaning?.function) ?? ""]?.inSample;
    if (field === undefined || sensor.value === undefined) continue;
    const known = best.get(field);
    if (!known || rank(sensor) > rank(known)) best.set(field, sensor);
  }
  return best;
}
