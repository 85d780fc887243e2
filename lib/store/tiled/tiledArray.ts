/** Arrays of numbers as Tiled sends and stores them: bytes, little-endian, row by row. */

import type { NumberArray } from "../../core/protocols/dataValue";
import { exactNumber } from "../../exactNumber";
import { isList } from "../export/columnKind";
import { sizeOf } from "../reading/frameLayout";

/** The type of the elements, in the words of numpy. */
export interface ArrayType {
  /** `f`, `i`, `u` or `b`. */
  readonly kind: string;
  /** Bytes of an element. */
  readonly itemsize: number;
  /** `big` if the bytes of an element come with the largest first; default little. */
  readonly endianness?: string;
}

/** Arrays by kind and bytes of an element, with the name that Python has for the type. */
const TYPES: Readonly<Record<string, readonly [name: string, new (content: number | ArrayBuffer) => NumberArray]>> = {
  f8: ["float64", Float64Array],
  f4: ["float32", Float32Array],
  i8: ["int64", BigInt64Array],
  i4: ["int32", Int32Array],
  i2: ["int16", Int16Array],
  i1: ["int8", Int8Array],
  u8: ["uint64", BigUint64Array],
  u4: ["uint32", Uint32Array],
  u2: ["uint16", Uint16Array],
  u1: ["uint8", Uint8Array],
  b1: ["bool", Uint8Array],
};

const codeOf = ({ kind, itemsize }: ArrayType): string => `${kind}${itemsize}`;

/** The type of a data key's `dtype_numpy`, default doubles; undefined if its elements are not numbers. */
export function arrayTypeOf(numpy: unknown): ArrayType | undefined {
  if (numpy === undefined) return { kind: "f", itemsize: 8 };
  if (typeof numpy !== "string") return undefined;
  const code = numpy.replace(/^[<>=|]/, "").replace(/^(b|\?)$/, "b1");
  return Object.hasOwn(TYPES, code) ? { kind: code.charAt(0), itemsize: Number(code.slice(1)) } : undefined;
}

/** The name of a type in Python, such as `uint16`. */
export const pythonName = (type: ArrayType): string => TYPES[codeOf(type)]?.[0] ?? "float64";

/** The bytes of rows; undefined if one has another shape, or a value that the type cannot hold. */
export function arrayBytes(
  rows: readonly unknown[],
  shape: readonly number[],
  type: ArrayType,
): Uint8Array | undefined {
  const [, Kind = Float64Array] = TYPES[codeOf(type)] ?? [];
  const size = sizeOf(shape);
  const values = new Kind(size * rows.length);
  let at = 0;
  const put = (value: unknown, depth: number): boolean => {
    if (depth < shape.length) {
      if (!isList(value) || value.length !== shape[depth]) return false;
      for (let i = 0; i < value.length; i += 1) if (!put(value[i], depth + 1)) return false;
      return true;
    }
    const isBig = values instanceof BigInt64Array || values instanceof BigUint64Array;
    const isWhole = typeof value === "bigint" || Number.isInteger(value);
    if (isBig && !isWhole) return false;
    if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") return false;
    values[at] = (isBig ? BigInt(value) : Number(value)) as never;
    const stored = values[at];
    at += 1;
    // A value that was cut off or rounded did not fit.
    return isBig ? stored === BigInt(value) : Object.is(stored, Number(value)) || stored === value;
  };
  if (!rows.every((row) => put(row, 0))) return undefined;
  return new Uint8Array(values.buffer as ArrayBuffer);
}

/** The elements of an array from its bytes, which are reversed in place where the largest comes first. */
export function typedArray(bytes: ArrayBuffer, type: ArrayType): NumberArray {
  const [, Kind = Float64Array] = TYPES[codeOf(type)] ?? [];
  const { itemsize, endianness } = type;
  if (endianness === "big" && itemsize > 1) {
    const view = new Uint8Array(bytes);
    for (let at = 0; at < view.length; at += itemsize) view.subarray(at, at + itemsize).reverse();
  }
  return new Kind(bytes);
}

/** The rows of an array from its bytes. Integers are bigints only beyond 2^53. */
export function arrayRows(bytes: ArrayBuffer, [rows = 0, ...shape]: readonly number[], type: ArrayType): unknown[] {
  const all = Array.from(typedArray(bytes, type) as ArrayLike<number | bigint>, (value) => {
    if (type.kind === "b") return value !== 0;
    return typeof value === "bigint" ? exactNumber(value) : value;
  });
  const size = sizeOf(shape);
  return Array.from({ length: rows }, (_, i) => nested(all.slice(i * size, (i + 1) * size), shape));
}

function nested(flat: unknown[], [first, ...rest]: readonly number[]): unknown {
  if (first === undefined) return flat[0];
  if (rest.length === 0) return flat;
  const size = sizeOf(rest);
  return Array.from({ length: first }, (_, i) => nested(flat.slice(i * size, (i + 1) * size), rest));
}
