/**
 * The datatypes that signals and commands of Tango devices can be given, and the TypeScript types of their
 * values.
 */

import { SubsetEnum, SupersetEnum } from "../../core/signal/enumTypes";
import { TangoError } from "../tangoError";

/**
 * The datatype of one value: number, bigint, string, boolean, or a list of choices. For `DevState` and
 * `DevEnum` the list has to be exactly that of the device; `subsetEnum` if the device may have more choices,
 * `supersetEnum` if it may have fewer; `String` accepts any.
 */
export type TangoScalarDatatype =
  | NumberConstructor
  | BigIntConstructor
  | StringConstructor
  | BooleanConstructor
  | SubsetEnum
  | SupersetEnum
  | readonly string[];

/**
 * The datatype of a spectrum: the class of a typed array for numbers, else the datatype of one value in
 * brackets, `[String]`.
 */
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

/** The datatype of a signal. An image, a list of rows, is a spectrum in brackets: `[Float64Array]`. */
export type TangoDatatype = TangoScalarDatatype | TangoArrayDatatype | readonly [TangoArrayDatatype];

/** The type of the values of a datatype; `unknown` if the datatype is null, which leaves it to the device. */
export type TangoValue<D> = D extends NumberConstructor
  ? number
  : D extends BigIntConstructor
    ? bigint
    : D extends StringConstructor
      ? string
      : D extends BooleanConstructor
        ? boolean
        : D extends SupersetEnum<infer C>
          ? C
          : D extends SubsetEnum<infer C>
            ? C | (string & {})
            : D extends readonly string[]
              ? D[number]
              : D extends readonly [infer E]
                ? readonly TangoValue<E>[]
                : D extends { readonly prototype: infer A }
                  ? A
                  : unknown;

/** A value of type `DevEncoded`: bytes with the name of their format, for example `JPEG_RGB` or `json`. */
export interface TangoEncoded {
  readonly format: string;
  readonly data: Uint8Array;
}

/**
 * Checks the datatype that the user asked for.
 *
 * @param wanted the datatype that the user asked for; null accepts any.
 * @param natural the datatypes that fit, the recommended one first.
 * @param place the address of the attribute or command.
 * @param words the middle of the message, for example "holds a string".
 * @throws TangoError that names the datatype to write instead.
 */
export function expectDatatype(wanted: unknown, natural: readonly unknown[], place: string, words: string): void {
  if (wanted === null || natural.some((datatype) => sameDatatype(wanted, datatype))) return;
  throw new TangoError(`${place} ${words}: use ${natural.length > 0 ? datatypeText(natural[0]) : "null"}`);
}

/** The initial value of a mock of this datatype. */
export function initialTangoValue(datatype: unknown): unknown {
  if (datatype === String) return "";
  if (datatype === Boolean) return false;
  if (datatype === BigInt) return 0n;
  if (datatype === null || datatype === Number) return 0;
  if (datatype instanceof SubsetEnum || datatype instanceof SupersetEnum) return datatype.choices[0];
  if (Array.isArray(datatype)) return typeof datatype[0] === "string" ? datatype[0] : [];
  return new (datatype as Float64ArrayConstructor)(0);
}

/** A datatype as the user writes it: `Float64Array`, `[String]`, `["off", "on"]`. */
function datatypeText(datatype: unknown): string {
  if (Array.isArray(datatype)) return `[${datatype.map(datatypeText).join(", ")}]`;
  return typeof datatype === "function" ? datatype.name : JSON.stringify(datatype);
}

/** Whether the datatype that the user asked for is the natural one, or an enum that it fits. */
export function sameDatatype(one: unknown, other: unknown): boolean {
  if (one instanceof SubsetEnum || one instanceof SupersetEnum)
    return Array.isArray(other) && other.every((choice) => typeof choice === "string") && one.fits(other);
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((part, i) => sameDatatype(part, other[i]));
}
