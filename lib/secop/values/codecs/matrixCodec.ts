/** The codec of matrix (SECoP 2.0): `{"len": [...], "blob": "base64"}` becomes a typed array with a shape. */

import { endianness } from "node:os";
import type { MatrixInfo } from "../datainfo";
import { type Codec, outOfRange, shown, wrongType } from "./codec";
import { decodeHalf, encodeHalf } from "./halfFloat";
import { decodeBase64, encodeBase64 } from "./textCodecs";

/** The elements of a matrix, of the type that its datainfo names. */
export type MatrixData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A value of the datatype `matrix` of SECoP 2.0. */
export interface Matrix {
  /**
   * Row-major as numpy's `reshape` takes it: the slowest dimension first, so the reverse of the datainfo's
   * `names`.
   */
  readonly shape: readonly number[];
  readonly data: MatrixData;
}

type TypedArrayClass = {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): MatrixData;
  new (buffer: ArrayBuffer): MatrixData;
};

/** The typed array of each element type on the wire; 2-byte floats are handled as their bits. */
const ARRAYS: Readonly<Record<string, TypedArrayClass>> = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
};

/**
 * The codec of a matrix. Two-byte floats become a Float32Array, 8-byte integers a BigInt64Array or
 * BigUint64Array.
 */
export function matrixCodec(info: MatrixInfo): Codec<Matrix> {
  const kind = info.elementtype.slice(1);
  const wireArray = ARRAYS[kind] ?? Float64Array;
  const swapped = info.elementtype.startsWith("<") !== (endianness() === "LE");
  const half = kind === "f2";
  return {
    decode: (wire) => {
      const { len, blob } = asMatrixJson(wire, info);
      const data = new wireArray(inNativeOrder(decodeBase64(blob), wireArray.BYTES_PER_ELEMENT, swapped));
      const expected = len.reduce((a, b) => a * b, 1);
      if (data.length !== expected)
        throw wrongType(`the matrix holds ${data.length} elements, its len says ${expected}`);
      return { shape: len.toReversed(), data: half ? decodeHalf(data as Uint16Array) : data };
    },
    encode: (value) => {
      const { shape, data } = asMatrix(value);
      const len = shape.toReversed();
      checkShape(len, data.length, info);
      const typed = half
        ? encodeHalf(fill(new Float64Array(data.length), data) as Float64Array)
        : fill(new wireArray(data.length), data);
      const bytes = new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
      return { len, blob: encodeBase64(new Uint8Array(inNativeOrder(bytes, typed.BYTES_PER_ELEMENT, swapped))) };
    },
  };
}

function asMatrixJson(wire: unknown, info: MatrixInfo): { len: number[]; blob: unknown } {
  const { len, blob } = typeof wire === "object" && wire !== null ? (wire as Record<string, unknown>) : {};
  const isLengths = Array.isArray(len) && len.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isLengths || len.length !== info.names.length) {
    throw wrongType(`${shown(wire)} is not a matrix of ${info.names.length} dimensions`);
  }
  return { len, blob };
}

function asMatrix(value: unknown): { shape: readonly number[]; data: ArrayLike<number | bigint> } {
  const { shape, data } = typeof value === "object" && value !== null ? (value as Partial<Matrix>) : {};
  const isList = Array.isArray(data) || (ArrayBuffer.isView(data) && !(data instanceof DataView));
  if (!Array.isArray(shape) || !isList) throw wrongType(`${shown(value)} is not a matrix: write {shape: [...], data}`);
  return { shape, data: data as ArrayLike<number | bigint> };
}

function checkShape(len: readonly number[], elements: number, info: MatrixInfo): void {
  if (len.length !== info.names.length || !len.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw wrongType(`the shape is ${shown(len)}, the node wants the dimensions ${info.names.toReversed().join(", ")}`);
  }
  info.names.forEach((name, i) => {
    const [length, most] = [len[i] ?? 0, info.maxlen[i] ?? 0];
    if (length > most) throw outOfRange(`${name} has ${length} elements, the node allows at most ${most}`);
  });
  const expected = len.reduce((a, b) => a * b, 1);
  if (elements !== expected) throw wrongType(`there are ${elements} elements for a shape of ${expected}`);
}

function fill(target: MatrixData, values: ArrayLike<number | bigint>): MatrixData {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (typeof value !== "number" && typeof value !== "bigint")
      throw wrongType(`data[${i}]: ${shown(value)} is not a number`);
    if (!put(target, i, value)) {
      throw outOfRange(`data[${i}]: ${value} does not fit into the node's ${target.constructor.name}`);
    }
  }
  return target;
}

/**
 * Stores the value; returns whether it fits, since typed arrays wrap and truncate silently. Only floats may
 * round.
 */
function put(target: MatrixData, i: number, value: number | bigint): boolean {
  if (target instanceof BigInt64Array || target instanceof BigUint64Array) {
    if (typeof value === "number" && !Number.isSafeInteger(value)) return false;
    target[i] = BigInt(value);
    return target[i] === BigInt(value);
  }
  target[i] = Number(value);
  return target instanceof Float32Array || target instanceof Float64Array || target[i] === Number(value);
}

/**
 * A copy of the bytes in this machine's byte order, aligned for a typed array. Throws WrongTypeError for a
 * broken element.
 */
function inNativeOrder(bytes: Uint8Array, size: number, swapped: boolean): ArrayBuffer {
  if (bytes.length % size !== 0)
    throw wrongType(`${bytes.length} bytes are not a whole number of ${size}-byte elements`);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  if (swapped && size > 1) for (let i = 0; i < copy.length; i += size) copy.subarray(i, i + size).reverse();
  return copy.buffer;
}
