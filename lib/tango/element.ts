// What one value of an attribute or a command is: the basic types of Tango, between the wire and TypeScript.

import type { DataKeyBody } from "../core/signalBackend";
import type { TangoEncoded } from "./datatype";
import { AttrArm, DEV_STATES, type DevEncoded, devEncoded, devState, strings } from "./deviceIdl";
import type { NumberArray } from "./giop/cdr";
import type { Codec } from "./giop/codec";
import * as codec from "./giop/codec";

/** A value does not fit; the message says what to use. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

/** A basic type. `encode` throws Misfit. */
export interface Element {
  /** In a sentence "holds ...", and of several. */
  readonly words: string;
  readonly plural: string;
  /** How its type is written for a signal; the first of several that are possible. Empty where it has none. */
  readonly datatypes: readonly unknown[];
  /** The class of several of it; null where they are a list. */
  readonly array: ArrayClass | null;
  /** The same on the wire. */
  readonly wireArray: ArrayClass | null;
  /** The number of its arm in an attribute's value. */
  readonly arm: number;
  readonly one: Codec<unknown>;
  readonly several: Codec<unknown>;
  readonly dtype: DataKeyBody["dtype"];
  readonly numpy?: string;
  readonly choices?: readonly string[];
  /** @param datatype what was asked for; null for what is natural. */
  decode(raw: unknown, datatype: unknown): unknown;
  encode: (value: unknown) => unknown;
  /** Several, as `several` writes them. */
  encodeList(value: unknown): ArrayLike<unknown>;
}

type ElementBody = Omit<Element, "encodeList">;

/** A list, or a typed array. @throws Misfit for anything else. */
export function checkList(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
    return value as ArrayLike<unknown>;
  throw new Misfit("use a list");
}

/** Tango's numbers of the types (`CmdArgType`). */
export const TangoType = {
  void: 0,
  boolean: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  ushort: 6,
  ulong: 7,
  string: 8,
  state: 19,
  constString: 20,
  uchar: 22,
  long64: 23,
  ulong64: 24,
  encoded: 28,
  enum: 29,
} as const;

export type ArrayClass = { from(list: ArrayLike<unknown>): NumberArray } & (new (length: number) => NumberArray);

/** The basic type of that number; undefined for what is none. `labels` are the choices of an enum. */
export function elementOf(type: number, labels: readonly string[]): Element | undefined {
  const body = type === TangoType.enum ? enumElement(labels) : ELEMENTS.get(type);
  return body && { ...body, encodeList: (value) => encodeList(value, body) };
}

function encodeList(value: unknown, { array, wireArray, encode }: ElementBody): ArrayLike<unknown> {
  const list = checkList(value);
  if (array && list instanceof array) return list;
  const raw = Array.from(list, encode);
  return wireArray ? wireArray.from(raw) : raw;
}

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

function choiceElement(
  words: string,
  choices: readonly string[],
  type: Pick<Element, "arm" | "one" | "several" | "wireArray">,
) {
  const listed = choices.map((choice) => JSON.stringify(choice)).join(", ");
  return {
    ...type,
    words: `${words}, one of [${listed}]`,
    plural: `${words}s of [${listed}]`,
    datatypes: [choices, String],
    array: null,
    dtype: "string",
    numpy: "|S40",
    choices,
  } as const;
}

function checkChoice(value: unknown, choices: readonly string[]): number {
  const index = choices.indexOf(value as string);
  if (index < 0) throw new Misfit(`use ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
  return index;
}

/** On the wire an enum is a short, and only the configuration knows its labels. */
function enumElement(labels: readonly string[]): ElementBody {
  const type = {
    arm: AttrArm.short,
    one: codec.short,
    several: codec.shorts,
    wireArray: Int16Array as unknown as ArrayClass,
  };
  return {
    ...choiceElement("a choice", labels, type),
    decode: (raw) => labels[raw as number] ?? String(raw),
    encode: (value) => checkChoice(value, labels),
  };
}

const stateElement: ElementBody = {
  ...choiceElement("a state", DEV_STATES, {
    arm: AttrArm.states,
    one: devState,
    several: codec.sequence(devState),
    wireArray: null,
  }),
  decode: (raw) => raw,
  encode: (value) => DEV_STATES[checkChoice(value, DEV_STATES)],
};

const booleanElement: ElementBody = {
  words: "a switch",
  plural: "switches",
  datatypes: [Boolean],
  array: null,
  wireArray: null,
  arm: AttrArm.boolean,
  one: codec.boolean,
  several: codec.sequence(codec.boolean),
  dtype: "boolean",
  numpy: "|b1",
  decode: (raw) => raw,
  encode: (value) => {
    if (typeof value !== "boolean") throw new Misfit("use true or false");
    return value;
  },
};

const stringElement: ElementBody = {
  words: "a string",
  plural: "strings",
  datatypes: [String],
  array: null,
  wireArray: null,
  arm: AttrArm.string,
  one: codec.string,
  several: strings,
  dtype: "string",
  numpy: "|S40",
  decode: (raw) => raw,
  encode: (value) => {
    if (typeof value !== "string") throw new Misfit("use a string");
    if (/[^\x01-\xff]/u.test(value)) throw new Misfit("use characters of ISO 8859-1 only, which is what Tango sends");
    return value;
  },
};

const encodedElement: ElementBody = {
  words: "encoded data",
  plural: "encoded data",
  datatypes: [],
  array: null,
  wireArray: null,
  arm: AttrArm.encoded,
  one: devEncoded,
  several: codec.sequence(devEncoded),
  dtype: "array",
  decode: (raw): TangoEncoded => {
    const { encoded_format, encoded_data } = raw as DevEncoded;
    return { format: encoded_format, data: encoded_data };
  },
  encode: (value) => {
    const { format, data } = Object(value) as Partial<TangoEncoded>;
    if (typeof format === "string" && data instanceof Uint8Array) return { encoded_format: format, encoded_data: data };
    throw new Misfit('use { format: "...", data: new Uint8Array(...) }');
  },
};

const arm = AttrArm;
const c = codec;
const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

const ELEMENTS: ReadonlyMap<number, ElementBody> = new Map<number, ElementBody>([
  [TangoType.boolean, booleanElement],
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
  [TangoType.string, stringElement],
  [TangoType.constString, stringElement],
  [TangoType.state, stateElement],
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
  [TangoType.encoded, encodedElement],
]);
