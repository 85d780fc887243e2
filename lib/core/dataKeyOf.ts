import type { DataKeyBody } from "./signalBackend";

/** Typed arrays a reading may hold, with numpy's name of their elements. */
const ELEMENTS: readonly (readonly [new (length: number) => ArrayBufferView & { length: number }, string])[] = [
  [Float64Array, "<f8"],
  [Float32Array, "<f4"],
  [Int32Array, "<i4"],
  [Uint32Array, "<u4"],
  [Int16Array, "<i2"],
  [Uint16Array, "<u2"],
  [Int8Array, "|i1"],
  [Uint8Array, "|u1"],
];

/** The data key of a value that nobody described: numbers count as floating point, since a soft signal may hold any. */
export function dataKeyOf(value: unknown): DataKeyBody {
  if (typeof value === "number") return { dtype: "number", dtype_numpy: "<f8", shape: [] };
  if (typeof value === "boolean") return { dtype: "boolean", dtype_numpy: "|b1", shape: [] };
  if (typeof value === "string") return { dtype: "string", dtype_numpy: "|S40", shape: [] };
  for (const [type, element] of ELEMENTS) {
    if (value instanceof type) return { dtype: "array", dtype_numpy: element, shape: [value.length] };
  }
  if (Array.isArray(value)) {
    const inner = value.length > 0 ? dataKeyOf(value[0]) : { shape: [], dtype_numpy: "<f8" };
    return { dtype: "array", dtype_numpy: inner.dtype_numpy ?? "<f8", shape: [value.length, ...inner.shape] };
  }
  return { dtype: "array", shape: [] };
}
