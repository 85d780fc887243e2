/** Converts the values of a PV to TypeScript and back, by the user's datatype and the PV's own type. */

import type { SubsetEnum, SupersetEnum } from "../../core/signal/enumTypes";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import { type CaArray, FieldType } from "../ca/dbr";
import type { PvShape } from "../ca/pvChannel";
import { asksForLongString, textOf, untilZero } from "../epicsText";
import {
  checkArray,
  checkNumber,
  checkText,
  conversionRefusal,
  expectType,
  firstOf,
  type PvConversion,
} from "./conversionRules";
import { enumConversion } from "./enumConversion";
import type { EpicsDatatype } from "./epicsDatatype";
import { numberFacts } from "./pvLimits";

/** A native numeric type, with its name in messages, its array class and its NumPy dtype. */
interface NumberKind {
  readonly words: string;
  readonly array: Exclude<EpicsDatatype, SubsetEnum | SupersetEnum | readonly string[]>;
  readonly arrayName: string;
  readonly dtypeNumpy: string;
  /** The lowest and the highest value of an integer type; absent for floats. */
  readonly range?: readonly [number, number];
}

const NUMBERS: ReadonlyMap<number, NumberKind> = new Map<number, NumberKind>([
  [FieldType.double, { words: "double", array: Float64Array, arrayName: "Float64Array", dtypeNumpy: "<f8" }],
  [FieldType.float, { words: "float", array: Float32Array, arrayName: "Float32Array", dtypeNumpy: "<f4" }],
  [
    FieldType.long,
    { words: "long", array: Int32Array, arrayName: "Int32Array", dtypeNumpy: "<i4", range: [-(2 ** 31), 2 ** 31 - 1] },
  ],
  [
    FieldType.short,
    { words: "short", array: Int16Array, arrayName: "Int16Array", dtypeNumpy: "<i2", range: [-(2 ** 15), 2 ** 15 - 1] },
  ],
  [FieldType.char, { words: "char", array: Uint8Array, arrayName: "Uint8Array", dtypeNumpy: "|u1", range: [0, 255] }],
]);

/**
 * Makes the conversion for a PV.
 *
 * @param datatype the one that the user asked for; null accepts what the PV holds.
 * @param asText whether the server is asked for the text of the value instead of the value.
 * @throws EpicsError if the PV holds something else; the message names the datatype to use.
 */
export function pvConversion(datatype: EpicsDatatype | null, pv: PvShape, asText = false): PvConversion {
  const number = NUMBERS.get(pv.fieldType);
  const wantsText = datatype === String || asText || (datatype === null && asksForLongString(pv.name));
  if (pv.fieldType === FieldType.char && pv.count > 1 && wantsText) return longStringConversion(pv);
  if (asText) return stringConversion(datatype, pv);
  if (pv.fieldType === FieldType.enum) return enumConversion(datatype, pv);
  if (!number) return stringConversion(datatype, pv);
  return pv.count > 1 ? arrayConversion(datatype, pv, number) : numberConversion(datatype, pv, number);
}

/** The datatype that fits a PV now, which later connections of the PV must fit as well. */
export function datatypeOf(pv: PvShape): EpicsDatatype {
  const number = NUMBERS.get(pv.fieldType);
  if (!number) return pv.count > 1 ? Array : String;
  return pv.count > 1 ? number.array : Number;
}

function numberConversion(datatype: EpicsDatatype | null, pv: PvShape, kind: NumberKind): PvConversion {
  expectType(datatype, [Number], pv, `a number (${kind.words}): use Number`);
  return {
    dataKey: { ...numberKey(kind, pv), dtype: kind.range ? "integer" : "number", shape: [] },
    fieldType: pv.fieldType,
    // A float without a value reads as NaN. There is no such integer, so reading one without a value is an
    // error.
    decode: kind.range ? (data) => firstOf(data, pv) : (data) => data[0] ?? Number.NaN,
    encode: (value) => [checkNumber(value, kind.range, pv)],
  };
}

function arrayConversion(datatype: EpicsDatatype | null, pv: PvShape, kind: NumberKind): PvConversion {
  expectType(datatype, [kind.array], pv, `an array of numbers (${kind.words}): use ${kind.arrayName}`);
  return {
    // A record may hold fewer elements than its capacity, so the shape is not known.
    dataKey: { ...numberKey(kind, pv), dtype: "array", shape: [null] },
    fieldType: pv.fieldType,
    decode: (data) => data,
    encode: (value) => {
      const list = checkArray(value, pv);
      // An array of the PV's own type is not checked, because that would take long for an image.
      if (value instanceof (kind.array as Uint8ArrayConstructor)) return value;
      return Array.from(list, (element) => checkNumber(element, kind.range, pv));
    },
  };
}

function stringConversion(datatype: EpicsDatatype | null, pv: PvShape): PvConversion {
  if (pv.count > 1) {
    expectType(datatype, [Array], pv, "a list of strings: use Array");
    return {
      dataKey: { dtype: "array", dtype_numpy: "|S40", shape: [null] },
      fieldType: FieldType.string,
      decode: (data) => data,
      encode: (value) => Array.from(checkArray(value, pv), (text) => checkCaText(text, STRING_BYTES, pv)),
    };
  }
  expectType(datatype, [String], pv, "a string: use String");
  return {
    dataKey: { dtype: "string", dtype_numpy: "|S40", shape: [] },
    fieldType: FieldType.string,
    decode: (data) => data[0] ?? "",
    encode: (value) => [checkCaText(value, STRING_BYTES, pv)],
  };
}

/** Strings that are longer than a string field: an array of chars with a zero byte at the end. */
function longStringConversion(pv: PvShape): PvConversion {
  return {
    dataKey: { dtype: "string", dtype_numpy: `|S${pv.count}`, shape: [] },
    fieldType: FieldType.char,
    decode: (data: CaArray) => textOf(untilZero(Buffer.from(data as Uint8Array))),
    encode: (value) => Buffer.from(`${checkCaText(value, pv.count - 1, pv)}\0`, "utf8"),
  };
}

/** @throws EpicsError for a text that is too long, or has a zero byte: it ends a text in Channel Access. */
function checkCaText(value: unknown, room: number, pv: PvShape): string {
  const text = checkText(value, room, pv, room === STRING_BYTES ? longStringHint(pv.name) : "");
  if (text.includes("\0"))
    throw conversionRefusal(text, pv, "leave out characters of code 0, which end a text in Channel Access");
  return text;
}

/** A record of long strings (lso, lsi) gives its value as a string of 40 bytes unless more is asked for. */
const longStringHint = (name: string): string =>
  `, longer texts need ${/\.[A-Z0-9]+$/.test(name) ? name : `${name}.VAL`}$ where the record holds them`;

/** The capacity of a string field in bytes, without its final zero byte. */
const STRING_BYTES = 39;

const numberKey = (kind: NumberKind, pv: PvShape): Omit<DataKeyBody, "dtype" | "shape"> => ({
  dtype_numpy: kind.dtypeNumpy,
  ...numberFacts(pv.control),
});
