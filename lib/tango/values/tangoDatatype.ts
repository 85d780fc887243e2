// The types that signals and commands of Tango devices can be given, and what their values are in TypeScript.

import { TangoError } from "../tangoError";

/** One value: a number, a text, a switch, or one of a list of choices (`DevState` and `DevEnum`: exactly theirs, or String for any). */
export type TangoScalarDatatype =
  | NumberConstructor
  | BigIntConstructor
  | StringConstructor
  | BooleanConstructor
  | readonly string[];

/** Several values (a spectrum): a typed array's class for numbers, else the type of one in brackets: `[String]`. */
export type TangoArrayDatatype =
  | Float64ArrayConstructor
  | Float32ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Uint8ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor
  | readonly [StringConstructor]
  | readonly [BooleanConstructor]
  | readonly [readonly string[]];

/** The type a signal is to have. An image is a spectrum in brackets, `[Float64Array]`: a list of rows. */
export type TangoDatatype = TangoScalarDatatype | TangoArrayDatatype | readonly [TangoArrayDatatype];

/** The value of that type; `unknown` where the type is left to the device. */
export type TangoValue<D> = D extends NumberConstructor
  ? number
  : D extends BigIntConstructor
    ? bigint
    : D extends StringConstructor
      ? string
      : D extends BooleanConstructor
        ? boolean
        : D extends readonly string[]
          ? D[number]
          : D extends readonly [infer E]
            ? readonly TangoValue<E>[]
            : D extends { readonly prototype: infer A }
              ? A
              : unknown;

/** A value of type `DevEncoded`: bytes, and what they are (`JPEG_RGB`, `json` ...). */
export interface TangoEncoded {
  readonly format: string;
  readonly data: Uint8Array;
}

/**
 * Holds the type that was asked for against what is there.
 *
 * @param wanted null takes what is there.
 * @param natural what it is, the way it is written; the first of several that are possible.
 * @throws TangoError that says what to write.
 */
export function expectDatatype(wanted: unknown, natural: readonly unknown[], place: string, words: string): void {
  if (wanted === null || natural.some((datatype) => same(wanted, datatype))) return;
  throw new TangoError(`${place} ${words}: use ${natural.length > 0 ? datatypeText(natural[0]) : "null"}`);
}

/** A value to begin with, for a mock. */
export function initialOf(datatype: unknown): unknown {
  if (datatype === String) return "";
  if (datatype === Boolean) return false;
  if (datatype === BigInt) return 0n;
  if (datatype === null || datatype === Number) return 0;
  if (Array.isArray(datatype)) return typeof datatype[0] === "string" ? datatype[0] : [];
  return new (datatype as Float64ArrayConstructor)(0);
}

/** As it is written: `Float64Array`, `[String]`, `["off", "on"]`. */
function datatypeText(datatype: unknown): string {
  if (Array.isArray(datatype)) return `[${datatype.map(datatypeText).join(", ")}]`;
  return typeof datatype === "function" ? datatype.name : JSON.stringify(datatype);
}

function same(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((part, i) => same(part, other[i]));
}
