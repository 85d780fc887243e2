/** The scalar types of pvAccess, by their codes. */

// Source: "pvAccess protocol specification", FieldDesc encoding.

import type { TypedArrayClass } from "../../numbersIn";

/** The arrays of numbers that PVs hold. */
export type PvArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** The codes of the types that are not numbers. */
export const BOOLEAN = 0x00;
export const STRING = 0x60;

/** The codes of the types that are numbers. */
export type NumberCode = 0x20 | 0x21 | 0x22 | 0x23 | 0x24 | 0x25 | 0x26 | 0x27 | 0x42 | 0x43;
/** The codes of all scalar types. */
export type ScalarCode = NumberCode | typeof BOOLEAN | typeof STRING;

/** How numbers of one type are laid out. */
export interface ScalarLayout {
  /** EPICS' name of the type. */
  readonly words: string;
  /** The size of a number in bytes. */
  readonly size: number;
  readonly array: TypedArrayClass<PvArray> & { from(values: ArrayLike<unknown>): PvArray };
  readonly numpy: string;
  /** The lowest and the highest value of an integer type; absent for floats. */
  readonly range?: readonly [bigint, bigint];
  readonly get: (view: DataView, at: number, little: boolean) => number | bigint;
  readonly set: (view: DataView, at: number, value: number | bigint, little: boolean) => void;
}

const signed = (bits: bigint): readonly [bigint, bigint] => [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
const unsigned = (bits: bigint): readonly [bigint, bigint] => [0n, 2n ** bits - 1n];
/** The constructors of typed arrays have overloads that TypeScript cannot match with one interface. */
const arrayOf = (typedArray: unknown): ScalarLayout["array"] => typedArray as ScalarLayout["array"];

/** The layouts of the types that are numbers, by their codes. */
export const SCALARS: Readonly<Record<NumberCode, ScalarLayout>> = {
  32: {
    words: "byte",
    size: 1,
    array: arrayOf(Int8Array),
    numpy: "|i1",
    range: signed(8n),
    get: (view, at) => view.getInt8(at),
    set: (view, at, value) => view.setInt8(at, Number(value)),
  },
  33: {
    words: "short",
    size: 2,
    array: arrayOf(Int16Array),
    numpy: "<i2",
    range: signed(16n),
    get: (view, at, little) => view.getInt16(at, little),
    set: (view, at, value, little) => view.setInt16(at, Number(value), little),
  },
  34: {
    words: "int",
    size: 4,
    array: arrayOf(Int32Array),
    numpy: "<i4",
    range: signed(32n),
    get: (view, at, little) => view.getInt32(at, little),
    set: (view, at, value, little) => view.setInt32(at, Number(value), little),
  },
  35: {
    words: "long",
    size: 8,
    array: arrayOf(BigInt64Array),
    numpy: "<i8",
    range: signed(64n),
    get: (view, at, little) => view.getBigInt64(at, little),
    set: (view, at, value, little) => view.setBigInt64(at, BigInt(value), little),
  },
  36: {
    words: "ubyte",
    size: 1,
    array: arrayOf(Uint8Array),
    numpy: "|u1",
    range: unsigned(8n),
    get: (view, at) => view.getUint8(at),
    set: (view, at, value) => view.setUint8(at, Number(value)),
  },
  37: {
    words: "ushort",
    size: 2,
    array: arrayOf(Uint16Array),
    numpy: "<u2",
    range: unsigned(16n),
    get: (view, at, little) => view.getUint16(at, little),
    set: (view, at, value, little) => view.setUint16(at, Number(value), little),
  },
  38: {
    words: "uint",
    size: 4,
    array: arrayOf(Uint32Array),
    numpy: "<u4",
    range: unsigned(32n),
    get: (view, at, little) => view.getUint32(at, little),
    set: (view, at, value, little) => view.setUint32(at, Number(value), little),
  },
  39: {
    words: "ulong",
    size: 8,
    array: arrayOf(BigUint64Array),
    numpy: "<u8",
    range: unsigned(64n),
    get: (view, at, little) => view.getBigUint64(at, little),
    set: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
  },
  66: {
    words: "float",
    size: 4,
    array: arrayOf(Float32Array),
    numpy: "<f4",
    get: (view, at, little) => view.getFloat32(at, little),
    set: (view, at, value, little) => view.setFloat32(at, Number(value), little),
  },
  67: {
    words: "double",
    size: 8,
    array: arrayOf(Float64Array),
    numpy: "<f8",
    get: (view, at, little) => view.getFloat64(at, little),
    set: (view, at, value, little) => view.setFloat64(at, Number(value), little),
  },
};

/** Whether a code stands for a type of numbers. */
export const isNumberCode = (code: number): code is NumberCode => Object.hasOwn(SCALARS, code);
/** Whether a code stands for a scalar type. */
export const isScalarCode = (code: number): code is ScalarCode =>
  code === BOOLEAN || code === STRING || isNumberCode(code);

/** The code of the numbers in a typed array; undefined for other values. */
export function codeOfArray(value: unknown): NumberCode | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const code = Object.entries(SCALARS).find(([, { array }]) => value.constructor === array)?.[0];
  return code === undefined ? undefined : (Number(code) as NumberCode);
}
