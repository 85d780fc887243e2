/** Which columns of a run a person wants to see, and how they are called: bluesky's rules of hints. */
import { inspect } from "node:util";
import type { DataKey, EventDescriptor, RunStart } from "../../engine/documents/documents";
import { UsageError } from "../../errors";

/** A column of a stream, as views name it. */
export interface Field {
  readonly key: string;
  readonly units: string | undefined;
  /** Digits after the point that mean something. */
  readonly precision: number | undefined;
  readonly dtype: DataKey["dtype"];
}

/** The independent variables of a run: first field of each dimension, and the stream they are in. */
export interface Dimensions {
  /** Empty if the run goes by time. */
  readonly axes: readonly string[];
  /** All fields of all dimensions. */
  readonly fields: readonly string[];
  readonly stream: string;
}

export function fieldOf(key: string, descriptor: EventDescriptor): Field | undefined {
  const dataKey = Object.hasOwn(descriptor.data_keys, key) ? descriptor.data_keys[key] : undefined;
  if (!dataKey) return undefined;
  return {
    key,
    units: dataKey.units || undefined,
    precision: dataKey.precision ?? undefined,
    dtype: dataKey.dtype,
  };
}

/** From `hints.dimensions`, else from `motors`; dimensions of more than one stream make no plot, so the run goes by time then. */
export function dimensionsOf(start: RunStart): Dimensions {
  const hinted: Dimension[] = isDimensions(start.hints?.dimensions) ? [...start.hints.dimensions] : [];
  const given: Dimension[] =
    hinted.length > 0 ? hinted : strings(start.motors).map((motor): Dimension => [[motor], "primary"]);
  const streams = new Set(given.map(([, stream]) => stream));
  const [stream = "primary"] = streams;
  const dimensions = streams.size > 1 ? [] : given;
  const fields = dimensions.flatMap(([names]) => names).filter((name) => name !== "time");
  const axes = dimensions.flatMap(([names]) => names.slice(0, 1)).filter((name) => name !== "time");
  return { axes, fields, stream };
}

/** What each object of a stream wants to be shown of it: its hinted fields, else all of them; the dimensions' own fields left out. */
export function hintedKeys(descriptor: EventDescriptor, dimensions: Dimensions): string[] {
  const keys: string[] = [];
  const objects = Object.keys(descriptor.object_keys ?? {});
  if (objects.length === 0) keys.push(...Object.keys(descriptor.data_keys));
  for (const object of objects) {
    const fields = Object.hasOwn(descriptor.hints ?? {}, object) ? descriptor.hints[object]?.fields : undefined;
    keys.push(...(fields ?? descriptor.object_keys[object] ?? []));
  }
  return [...new Set(keys)].filter(
    (key) => Object.hasOwn(descriptor.data_keys, key) && !dimensions.fields.includes(key),
  );
}

/** Numbers, one an event: what can be a line of a plot. */
export function isScalarNumber(field: Field, descriptor: EventDescriptor): boolean {
  const shape = descriptor.data_keys[field.key]?.shape ?? [];
  return (field.dtype === "number" || field.dtype === "integer") && shape.length === 0;
}

/**
 * Whether values differ by less than the last digit that means something. Values which are not larger than that digit themselves have
 * the wrong precision, and a peak in them must be seen.
 */
export function isFlat(low: number, high: number, precision: number | undefined): boolean {
  const digit = precision === undefined ? 0 : 10 ** -precision;
  const counts = Math.min(Math.abs(low), Math.abs(high)) > 10 * digit;
  return !(high - low > (counts ? digit : 0));
}

type Dimension = readonly [readonly string[], string];

function isDimensions(value: unknown): value is readonly Dimension[] {
  return (
    Array.isArray(value) &&
    value.every((item) => Array.isArray(item) && Array.isArray(item[0]) && typeof item[1] === "string")
  );
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A field by its name in events, or a device: its hinted fields, else the field of its name. */
export type FieldSource = string | { readonly name: string; readonly hints?: { readonly fields?: readonly string[] } };

/** @throws UsageError for what is neither a name nor a device. */
export function keysOf(source: FieldSource): readonly string[] {
  if (typeof source === "string") return [source];
  if (typeof (source as { readonly name?: unknown } | null | undefined)?.name !== "string")
    throw new UsageError(
      `a field is the name of a value in the events, or a device; not ${inspect(source, { depth: 0 })}`,
    );
  return source.hints?.fields ?? [source.name];
}
