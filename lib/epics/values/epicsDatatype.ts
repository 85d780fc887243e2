/** The datatypes that signals of PVs can be given, and the TypeScript types of their values. */

import type { SubsetEnum, SupersetEnum } from "../../core/signal/enumTypes";
import type { EpicsImage } from "./epicsImage";

/**
 * The datatype of a signal: `Number`, `String`, `Boolean` (an enum of two states), a list of choices (an enum
 * with exactly these; `subsetEnum` if the PV may have more, `supersetEnum` if it may have fewer), the class
 * of a typed array (an array record), or `Array` (a list of strings). Over pvAccess also `BigInt` (a 64-bit
 * integer), `EpicsImage` (an NTNDArray) and `Object` (an NTTable as an object of columns, any other structure
 * as an object of its fields).
 */
export type EpicsDatatype =
  | NumberConstructor
  | StringConstructor
  | BooleanConstructor
  | ArrayConstructor
  | Float64ArrayConstructor
  | Float32ArrayConstructor
  | Int32ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Uint8ArrayConstructor
  | Int8ArrayConstructor
  | Uint32ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor
  | BigIntConstructor
  | ObjectConstructor
  | typeof EpicsImage
  | SubsetEnum
  | SupersetEnum
  | readonly string[];

/** The type of the values of a datatype; `unknown` if the datatype is null, which leaves it to the PV. */
export type EpicsValue<D> = D extends NumberConstructor
  ? number
  : D extends StringConstructor
    ? string
    : D extends BooleanConstructor
      ? boolean
      : D extends BigIntConstructor
        ? bigint
        : D extends ObjectConstructor
          ? Readonly<Record<string, unknown>>
          : D extends ArrayConstructor
            ? readonly string[]
            : D extends readonly (infer C)[]
              ? C
              : D extends SupersetEnum<infer C>
                ? C
                : D extends SubsetEnum<infer C>
                  ? C | (string & {})
                  : D extends abstract new (
                        ...args: never[]
                      ) => infer A
                    ? A
                    : unknown;
