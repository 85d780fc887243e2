/** The data key of a value that has no description of its own. */

import type { DataKey } from "./protocols";

/** A data key without its `source`, which the signal adds. */
export type DataKeyBody = Omit<DataKey, "source">;

/** The typed arrays that a reading may hold, with numpy's names of their elements. */
const ELEMENTS: readonly (readonly [new (length: number) => ArrayBufferView & { length: number }, string])[] = [
  [Float64Array, "<f8"],
  [Float32Array, "<f4"],
  [Int32Array, "<i4"],
  [Uint32Array, "<u4"],
  [Int16Array, "<i2"],
  [Uint16Array, "<u2"],
  [Int8Array, "|i1"],
  [Uint8Array, "|u1"],
  [Uint8ClampedArray, "|u1"],
  [BigInt64Array, "<i8"],
  [BigUint64Array, "<u8"],
];

/**
 * The data key derived from a value alone. Numbers count as floating point, since a later value may not be
 * whole. An object whose members are lists of equal length is a table, as in ophyd-async; one whose members
 * are numbers, strings and booleans is a struct.
 */
export function dataKeyOf(value: unknown): DataKeyBody {
  if (typeof value === "number") return { dtype: "number", dtype_numpy: "<f8", shape: [] };
  if (typeof value === "bigint") return { dtype: "integer", dtype_numpy: "<i8", shape: [] };
  if (typeof value === "boolean") return { dtype: "boolean", dtype_numpy: "|b1", shape: [] };
  if (typeof value === "string") return { dtype: "string", dtype_numpy: "|S40", shape: [] };
  for (const [type, element] of ELEMENTS) {
    if (value instanceof type) return { dtype: "array", dtype_numpy: element, shape: [value.length] };
  }
  if (Array.isArray(value)) {
    const inner = value.length > 0 ? dataKeyOf(value[0]) : { shape: [], dtype_numpy: "<f8" };
    return { dtype: "array", dtype_numpy: inner.dtype_numpy ?? "<f8", shape: [value.length, ...inner.shape] };
  }
  return tableKey(value) ?? { dtype: "array", shape: [] };
}

/** The data key of a table, an object of lists of equal length, or of a struct; null for other objects. */
function tableKey(value: unknown): DataKeyBody | null {
  if (typeof value !== "object" || value === null) return null;
  const columns: [string, string][] = [];
  const shapes = new Set<string>();
  for (const [name, column] of Object.entries(value)) {
    const { dtype_numpy, shape } = dataKeyOf(column);
    if (typeof dtype_numpy !== "string" || shape.length > 1) return null;
    columns.push([name, dtype_numpy]);
    shapes.add(JSON.stringify(shape));
  }
  const [shape, ...others] = shapes;
  if (shape === undefined || others.length > 0) return null;
  return { dtype: "array", dtype_numpy: columns, shape: JSON.parse(shape) };
}
