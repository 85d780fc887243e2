/** Decides by bluesky's rules for hints which fields of a run are shown. */

import type { NumberFormat } from "../../display/number";
import { formatOfKey } from "../../display/numberColumn";
import type { DataKey, EventDescriptor, RunStart } from "../../engine/documents/documents";

/** A field of a stream with what a view needs to show it. */
export interface StreamField {
  /** The data key. */
  readonly key: string;
  /** The unit; undefined if it has none. */
  readonly units: string | undefined;
  /** The number of significant digits after the point; undefined for whole numbers. */
  readonly precision: number | undefined;
  /** How the node wants single values to be written; undefined for 5 significant digits. */
  readonly format?: NumberFormat | undefined;
  /** The SECoP datainfo as JSON text. */
  readonly SECOP_datainfo?: string | undefined;
  readonly dtype: DataKey["dtype"];
  /** The words that a value can be; undefined for other fields. */
  readonly choices?: readonly string[] | undefined;
  /** Computes the value from all values of an event; default: the value of its key. */
  readonly value?: ((data: Readonly<Record<string, unknown>>) => unknown) | undefined;
}

/** The value of a field in an event; undefined if the event does not have it. */
export function valueIn(field: StreamField, data: Readonly<Record<string, unknown>>): unknown {
  if (field.value) return field.value(data);
  return Object.hasOwn(data, field.key) ? data[field.key] : undefined;
}

/** A value as a number, also an integer beyond 2^53; NaN if it is not a number. */
export const numeric = (value: unknown): number =>
  typeof value === "number" || typeof value === "bigint" ? Number(value) : Number.NaN;

/** The independent variables of a run. */
export interface Dimensions {
  /** The first field of each dimension; empty if time is the independent variable. */
  readonly axes: readonly string[];
  /** All fields of all dimensions, without time. */
  readonly fields: readonly string[];
  /** The stream that has these fields. */
  readonly stream: string;
}

/** The field of a data key; undefined if the stream does not have it. */
export function fieldOf(key: string, descriptor: EventDescriptor): StreamField | undefined {
  const dataKey = Object.hasOwn(descriptor.data_keys, key) ? descriptor.data_keys[key] : undefined;
  if (!dataKey) return undefined;
  return {
    key,
    units: dataKey.units || undefined,
    precision: dataKey.dtype === "integer" ? undefined : (dataKey.precision ?? undefined),
    format: formatOfKey(dataKey),
    SECOP_datainfo: dataKey.SECOP_datainfo,
    dtype: dataKey.dtype,
    choices: dataKey.choices,
  };
}

/**
 * The independent variables that a start document names in `hints.dimensions`, or else in `motors`.
 *
 * There are none if they are in more than one stream, since such a plot could not be drawn; time is the
 * independent variable then.
 */
export function dimensionsOf(start: RunStart): Dimensions {
  const hinted: Dimension[] = isDimensions(start.hints?.dimensions) ? [...start.hints.dimensions] : [];
  const given: Dimension[] =
    hinted.length > 0 ? hinted : motorsOf(start).map((motor): Dimension => [[motor], "primary"]);
  const streams = new Set(given.map(([, stream]) => stream));
  const [stream = "primary"] = streams;
  const dimensions = streams.size > 1 ? [] : given;
  // "time" means the time of the events, unless a device has that name.
  const isField = (name: string): boolean => name !== "time" || motorsOf(start).includes("time");
  const fields = dimensions.flatMap(([names]) => names).filter(isField);
  const axes = dimensions.flatMap(([names]) => names.slice(0, 1)).filter(isField);
  return { axes, fields, stream };
}

/**
 * The independent variables as fields of a stream: the name of a device, as in `motors`, stands for its
 * hinted fields.
 */
export function dimensionsIn(dimensions: Dimensions, descriptor: EventDescriptor): Dimensions {
  const keysOf = (name: string): readonly string[] => {
    if (Object.hasOwn(descriptor.data_keys, name)) return [name];
    const keys = objectFields(descriptor, name);
    return keys.length > 0 ? keys : [name];
  };
  return {
    axes: dimensions.axes.flatMap((name) => keysOf(name).slice(0, 1)),
    fields: dimensions.fields.flatMap(keysOf),
    stream: dimensions.stream,
  };
}

/** The hinted fields of a device in a stream, or else all; none if the stream does not have the device. */
function objectFields(descriptor: EventDescriptor, object: string): readonly string[] {
  const fields = Object.hasOwn(descriptor.hints ?? {}, object) ? descriptor.hints[object]?.fields : undefined;
  const all = Object.hasOwn(descriptor.object_keys ?? {}, object) ? descriptor.object_keys[object] : undefined;
  return fields ?? all ?? [];
}

/**
 * The dependent fields to show: of each object of a stream its hinted fields, or
 * else all, but not those of the dimensions.
 */
export function hintedKeys(descriptor: EventDescriptor, dimensions: Dimensions): string[] {
  const keys: string[] = [];
  const objects = Object.keys(descriptor.object_keys ?? {});
  if (objects.length === 0) keys.push(...Object.keys(descriptor.data_keys));
  for (const object of objects) keys.push(...objectFields(descriptor, object));
  const independent = dimensionsIn(dimensions, descriptor).fields;
  return [...new Set(keys)].filter((key) => Object.hasOwn(descriptor.data_keys, key) && !independent.includes(key));
}

/** Whether a field has one number in each event, so that it can be a line in a plot. */
export function isScalarNumber(field: StreamField, descriptor: EventDescriptor): boolean {
  return (field.dtype === "number" || field.dtype === "integer") && isSingle(field, descriptor);
}

/** Whether a field has one word or one of two states in each event, which is drawn as a band. */
export function isState(field: StreamField, descriptor: EventDescriptor): boolean {
  return (field.dtype === "string" || field.dtype === "boolean") && isSingle(field, descriptor);
}

/** Whether events have a single value of a field: neither an array, nor values in a file of the detector. */
function isSingle({ key, value }: StreamField, descriptor: EventDescriptor): boolean {
  if (value) return true;
  const { shape, external } = descriptor.data_keys[key] ?? {};
  return (shape ?? []).length === 0 && !external;
}

type Dimension = readonly [readonly string[], string];

function isDimensions(value: unknown): value is readonly Dimension[] {
  return (
    Array.isArray(value) &&
    value.every((item) => Array.isArray(item) && Array.isArray(item[0]) && typeof item[1] === "string")
  );
}

/** The names of the motors of a run, as far as its start document names them. */
export function motorsOf({ motors }: RunStart): string[] {
  return Array.isArray(motors) ? motors.filter((motor) => typeof motor === "string") : [];
}
