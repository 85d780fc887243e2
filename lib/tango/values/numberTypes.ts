/** The numeric ones among Tango's basic types. */

import { exactNumber } from "../../exactNumber";
import type { CdrNumbers } from "../giop/cdr";
import type { IdlType } from "../giop/idlTypes";
import * as c from "../giop/idlTypes";
import { type ArrayClass, type BasicType, type BasicTypeParts, CmdArgType, MisfitError } from "./basicType";
import { AttributeDataType } from "./deviceIdl";

interface NumberTypeParts {
  readonly words: string;
  readonly array: unknown;
  readonly dataType: number;
  readonly one: IdlType<number>;
  readonly several: IdlType<CdrNumbers>;
  readonly numpy: string;
  /** The lowest and the highest value of an integer type; absent for floats. */
  readonly range?: readonly [number, number];
}

function numberType({ words, array, range, ...type }: NumberTypeParts): BasicTypeParts {
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
      if (typeof value !== "number") throw new MisfitError("use a number");
      if (!range) return value;
      const [low, high] = range;
      if (Number.isInteger(value) && value >= low && value <= high) return value;
      throw new MisfitError(`use a whole number from ${low} to ${high}`);
    },
  };
}

type BigintTypeParts = Pick<BasicType, "dataType" | "one" | "several" | "numpy"> & {
  readonly words: string;
  readonly array: unknown;
};

/**
 * A 64-bit integer. Values beyond 2^53 would lose digits as a `number`: without a datatype they are given as
 * `bigint`, and a signal of datatype `Number` rejects.
 */
function bigintType({ words, array, ...type }: BigintTypeParts, low: bigint, high: bigint): BasicTypeParts {
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
      const value = exactNumber(exact);
      if (datatype === Number && typeof value === "bigint")
        throw new MisfitError(`${exact} has more digits than a number can hold: use BigInt`);
      return value;
    },
    encode: (value) => {
      const whole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
      const exact = whole ? BigInt(value) : high + 1n;
      if (exact >= low && exact <= high) return exact;
      throw new MisfitError(`use a whole number from ${low} to ${high}, beyond 2^53 as a bigint`);
    },
  };
}

const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

/** The numeric types by their number of `CmdArgType`. */
export const NUMBER_TYPES: ReadonlyMap<number, BasicTypeParts> = new Map<number, BasicTypeParts>([
  [
    CmdArgType.short,
    numberType({
      words: "short",
      array: Int16Array,
      dataType: AttributeDataType.short,
      one: c.short,
      several: c.shorts,
      numpy: "<i2",
      range: signed(16),
    }),
  ],
  [
    CmdArgType.long,
    numberType({
      words: "long",
      array: Int32Array,
      dataType: AttributeDataType.long,
      one: c.long,
      several: c.longs,
      numpy: "<i4",
      range: signed(32),
    }),
  ],
  [
    CmdArgType.float,
    numberType({
      words: "float",
      array: Float32Array,
      dataType: AttributeDataType.float,
      one: c.float,
      several: c.floats,
      numpy: "<f4",
    }),
  ],
  [
    CmdArgType.double,
    numberType({
      words: "double",
      array: Float64Array,
      dataType: AttributeDataType.double,
      one: c.double,
      several: c.doubles,
      numpy: "<f8",
    }),
  ],
  [
    CmdArgType.ushort,
    numberType({
      words: "unsigned short",
      array: Uint16Array,
      dataType: AttributeDataType.ushort,
      one: c.unsignedShort,
      several: c.unsignedShorts,
      numpy: "<u2",
      range: unsigned(16),
    }),
  ],
  [
    CmdArgType.ulong,
    numberType({
      words: "unsigned long",
      array: Uint32Array,
      dataType: AttributeDataType.ulong,
      one: c.unsignedLong,
      several: c.unsignedLongs,
      numpy: "<u4",
      range: unsigned(32),
    }),
  ],
  [
    CmdArgType.uchar,
    numberType({
      words: "unsigned char",
      array: Uint8Array,
      dataType: AttributeDataType.uchar,
      one: c.octet,
      several: c.octets,
      numpy: "|u1",
      range: unsigned(8),
    }),
  ],
  [
    CmdArgType.long64,
    bigintType(
      {
        words: "64-bit",
        array: BigInt64Array,
        dataType: AttributeDataType.long64,
        one: c.longLong,
        several: c.longLongs,
        numpy: "<i8",
      },
      -(2n ** 63n),
      2n ** 63n - 1n,
    ),
  ],
  [
    CmdArgType.ulong64,
    bigintType(
      {
        words: "unsigned 64-bit",
        array: BigUint64Array,
        dataType: AttributeDataType.ulong64,
        one: c.unsignedLongLong,
        several: c.unsignedLongLongs,
        numpy: "<u8",
      },
      0n,
      2n ** 64n - 1n,
    ),
  ],
]);
