// The numbers among Tango's basic types.

import type { NumberArray } from "../giop/cdr";
import type { Codec } from "../giop/idlTypes";
import * as c from "../giop/idlTypes";
import { type ArrayClass, type Element, type ElementBody, Misfit, TangoType } from "./basicType";
import { AttrArm as arm } from "./deviceIdl";

interface NumberType {
  readonly words: string;
  readonly array: unknown;
  readonly arm: number;
  readonly one: Codec<number>;
  readonly several: Codec<NumberArray>;
  readonly numpy: string;
  /** Lowest and highest, of whole numbers. */
  readonly range?: readonly [number, number];
}

function numberElement({ words, array, range, ...type }: NumberType): ElementBody {
  return {
    ...type,
    words: `a number (${words})`,
    plural: `numbers (${words})`,
    datatypes: [Number],
    array: array as ArrayClass,
    wireArray: array as ArrayClass,
    dtype: range ? "integer" : "number",
    decode: (raw) => raw,
    encode: (value) => {
      if (typeof value !== "number") throw new Misfit("use a number");
      if (!range) return value;
      const [low, high] = range;
      if (Number.isInteger(value) && value >= low && value <= high) return value;
      throw new Misfit(`use a whole number from ${low} to ${high}`);
    },
  };
}

type BigType = Pick<Element, "arm" | "one" | "several" | "numpy"> & { readonly words: string; readonly array: unknown };

/** A `number` loses no digit silently: where it would, the value is a `bigint`, or refused to who asked for numbers. */
function bigElement({ words, array, ...type }: BigType, low: bigint, high: bigint): ElementBody {
  return {
    ...type,
    words: `a number (${words})`,
    plural: `numbers (${words})`,
    datatypes: [Number, BigInt],
    array: array as ArrayClass,
    wireArray: array as ArrayClass,
    dtype: "integer",
    decode: (raw, datatype) => {
      const exact = raw as bigint;
      if (datatype === BigInt) return exact;
      const value = Number(exact);
      if (Number.isSafeInteger(value)) return value;
      if (datatype === Number) throw new Misfit(`${exact} has more digits than a number can hold: use BigInt`);
      return exact;
    },
    encode: (value) => {
      const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
      const exact = whole ? BigInt(value) : high + 1n;
      if (exact >= low && exact <= high) return exact;
      throw new Misfit(`use a whole number from ${low} to ${high}, beyond 2^53 as a bigint`);
    },
  };
}

const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

/** By the number of the type. */
export const NUMBERS: ReadonlyMap<number, ElementBody> = new Map<number, ElementBody>([
  [
    TangoType.short,
    numberElement({
      words: "short",
      array: Int16Array,
      arm: arm.short,
      one: c.short,
      several: c.shorts,
      numpy: "<i2",
      range: signed(16),
    }),
  ],
  [
    TangoType.long,
    numberElement({
      words: "long",
      array: Int32Array,
      arm: arm.long,
      one: c.long,
      several: c.longs,
      numpy: "<i4",
      range: signed(32),
    }),
  ],
  [
    TangoType.float,
    numberElement({
      words: "float",
      array: Float32Array,
      arm: arm.float,
      one: c.float,
      several: c.floats,
      numpy: "<f4",
    }),
  ],
  [
    TangoType.double,
    numberElement({
      words: "double",
      array: Float64Array,
      arm: arm.double,
      one: c.double,
      several: c.doubles,
      numpy: "<f8",
    }),
  ],
  [
    TangoType.ushort,
    numberElement({
      words: "unsigned short",
      array: Uint16Array,
      arm: arm.ushort,
      one: c.unsignedShort,
      several: c.unsignedShorts,
      numpy: "<u2",
      range: unsigned(16),
    }),
  ],
  [
    TangoType.ulong,
    numberElement({
      words: "unsigned long",
      array: Uint32Array,
      arm: arm.ulong,
      one: c.unsignedLong,
      several: c.unsignedLongs,
      numpy: "<u4",
      range: unsigned(32),
    }),
  ],
  [
    TangoType.uchar,
    numberElement({
      words: "unsigned char",
      array: Uint8Array,
      arm: arm.uchar,
      one: c.octet,
      several: c.octets,
      numpy: "|u1",
      range: unsigned(8),
    }),
  ],
  [
    TangoType.long64,
    bigElement(
      { words: "64-bit", array: BigInt64Array, arm: arm.long64, one: c.longLong, several: c.longLongs, numpy: "<i8" },
      -(2n ** 63n),
      2n ** 63n - 1n,
    ),
  ],
  [
    TangoType.ulong64,
    bigElement(
      {
        words: "unsigned 64-bit",
        array: BigUint64Array,
        arm: arm.ulong64,
        one: c.unsignedLongLong,
        several: c.unsignedLongLongs,
        numpy: "<u8",
      },
      0n,
      2n ** 64n - 1n,
    ),
  ],
]);
