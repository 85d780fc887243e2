/** Converts the values of a PV to TypeScript and back, by the user's datatype and the PV's own type. */

import { SubsetEnum, SupersetEnum } from "../core/signal/enumTypes";
import type { DataKeyBody } from "../core/signal/signalBackend";
import { type CaArray, type CaControl, type CaRange, FieldType } from "./ca/dbr";
import { EpicsError } from "./ca/epicsError";
import type { PvShape } from "./ca/pvChannel";
import type { EpicsDatatype } from "./epicsDatatype";

/** The conversion of one PV's values. `encode` throws EpicsError for values that the PV cannot hold. */
export interface PvConversion {
  readonly dataKey: DataKeyBody;
  decode(data: CaArray): unknown;
  encode(value: unknown): ArrayLike<number | string>;
}

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
 * @throws EpicsError if the PV holds something else; the message names the datatype to use.
 */
export function pvConversion(datatype: EpicsDatatype | null, pv: PvShape): PvConversion {
  const number = NUMBERS.get(pv.fieldType);
  if (pv.fieldType === FieldType.enum) return enumConversion(datatype, pv);
  if (!number) return stringConversion(datatype, pv);
  if (pv.fieldType === FieldType.char && pv.count > 1 && datatype === String) return longStringConversion(pv);
  return pv.count > 1 ? arrayConversion(datatype, pv, number) : numberConversion(datatype, pv, number);
}

/** The datatype that fits a PV. */
export function datatypeOf(pv: PvShape): EpicsDatatype {
  if (pv.fieldType === FieldType.enum) return pv.control.choices ?? [];
  const number = NUMBERS.get(pv.fieldType);
  if (!number) return pv.count > 1 ? Array : String;
  return pv.count > 1 ? number.array : Number;
}

function numberConversion(datatype: EpicsDatatype | null, pv: PvShape, kind: NumberKind): PvConversion {
  expectType(datatype, [Number], pv, `a number (${kind.words}): use Number`);
  return {
    dataKey: { ...numberKey(kind, pv.control), dtype: kind.range ? "integer" : "number", shape: [] },
    decode: (data) => data[0],
    encode: (value) => [checkNumber(value, kind, pv)],
  };
}

function arrayConversion(datatype: EpicsDatatype | null, pv: PvShape, kind: NumberKind): PvConversion {
  expectType(datatype, [kind.array], pv, `an array of numbers (${kind.words}): use ${kind.arrayName}`);
  return {
    // A record may hold fewer elements than its capacity, so the shape is not known.
    dataKey: { ...numberKey(kind, pv.control), dtype: "array", shape: [null] },
    decode: (data) => data,
    encode: (value) => Array.from(checkList(value, pv), (element) => checkNumber(element, kind, pv)),
  };
}

function enumConversion(datatype: EpicsDatatype | null, pv: PvShape): PvConversion {
  const choices = pv.control.choices ?? [];
  const listed = choices.map((choice) => JSON.stringify(choice)).join(", ");
  const allowed = choices.length === 2 ? [String, Boolean] : [String];
  if (!fits(datatype, choices)) expectType(datatype, allowed, pv, `one of [${listed}]: use that list`);
  if (datatype === Boolean) {
    return {
      dataKey: { dtype: "boolean", dtype_numpy: "|b1", shape: [] },
      decode: (data) => data[0] !== 0,
      encode: (value) => {
        if (typeof value === "boolean") return [value ? 1 : 0];
        throw refusal(value, pv, "use true or false");
      },
    };
  }
  return {
    dataKey: { dtype: "string", dtype_numpy: "|S40", shape: [], choices },
    decode: (data) => choices[Number(data[0])] ?? String(data[0]),
    encode: (value) => {
      const index = choices.indexOf(value as string);
      if (index < 0) throw refusal(value, pv, `use ${listed}`);
      return [index];
    },
  };
}

/** Whether an enum with these choices fits the user's datatype. */
function fits(datatype: EpicsDatatype | null, choices: readonly string[]): boolean {
  if (datatype instanceof SubsetEnum || datatype instanceof SupersetEnum) return datatype.fits(choices);
  const wanted = Array.isArray(datatype) ? (datatype as readonly string[]) : undefined;
  return wanted?.length === choices.length && wanted.every((choice, i) => choice === choices[i]);
}

function stringConversion(datatype: EpicsDatatype | null, pv: PvShape): PvConversion {
  if (pv.count > 1) {
    expectType(datatype, [Array], pv, "a list of strings: use Array");
    return {
      dataKey: { dtype: "array", dtype_numpy: "|S40", shape: [null] },
      decode: (data) => data,
      encode: (value) => Array.from(checkList(value, pv), (text) => checkText(text, STRING_BYTES, pv)),
    };
  }
  expectType(datatype, [String], pv, "a string: use String");
  return {
    dataKey: { dtype: "string", dtype_numpy: "|S40", shape: [] },
    decode: (data) => data[0],
    encode: (value) => [checkText(value, STRING_BYTES, pv)],
  };
}

/** Strings that are longer than a string field: an array of chars with a zero byte at the end. */
function longStringConversion(pv: PvShape): PvConversion {
  return {
    dataKey: { dtype: "string", dtype_numpy: `|S${pv.count}`, shape: [] },
    decode: (data) => {
      const bytes = Buffer.from(data as Uint8Array);
      const zero = bytes.indexOf(0);
      return bytes.toString("utf8", 0, zero < 0 ? bytes.length : zero);
    },
    encode: (value) => Buffer.from(`${checkText(value, pv.count - 1, pv)}\0`, "utf8"),
  };
}

/** The capacity of a string field in bytes, without its final zero byte. */
const STRING_BYTES = 39;

function numberKey(kind: NumberKind, control: CaControl): Omit<DataKeyBody, "dtype" | "shape"> {
  const { units, precision, display, warning, alarm } = control;
  const limits = {
    ...limit("control", control.control),
    ...limit("display", display),
    ...limit("warning", warning),
    ...limit("alarm", alarm),
  };
  return {
    dtype_numpy: kind.dtypeNumpy,
    ...(units ? { units } : {}),
    ...(precision === undefined ? {} : { precision }),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

/** Limits as a part of a data key; empty for records without limits, which report 0 and 0, or NaN. */
function limit(key: string, range: CaRange | undefined): Record<string, CaRange> {
  return range && range.low < range.high ? { [key]: range } : {};
}

function expectType(wanted: EpicsDatatype | null, allowed: readonly unknown[], pv: PvShape, holds: string): void {
  if (wanted !== null && !allowed.includes(wanted)) throw new EpicsError(`${pv.name} holds ${holds}`);
}

function checkNumber(value: unknown, kind: NumberKind, pv: PvShape): number {
  if (typeof value !== "number") throw refusal(value, pv, "use a number");
  if (!kind.range) return value;
  const [low, high] = kind.range;
  if (!Number.isInteger(value) || value < low || value > high) {
    throw refusal(value, pv, `use a whole number from ${low} to ${high}`);
  }
  return value;
}

function checkList(value: unknown, pv: PvShape): ArrayLike<unknown> {
  const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) throw refusal(value, pv, "use a list");
  const list = value as ArrayLike<unknown>;
  if (list.length > pv.count) throw refusal(`${list.length} elements`, pv, `it has room for ${pv.count}`);
  return list;
}

function checkText(value: unknown, room: number, pv: PvShape): string {
  if (typeof value !== "string") throw refusal(value, pv, "use a string");
  if (Buffer.byteLength(value) > room) throw refusal(value, pv, `it has room for ${room} bytes`);
  return value;
}

function refusal(value: unknown, pv: PvShape, what: string): EpicsError {
  const units = typeof value === "number" && pv.control.units ? ` ${pv.control.units}` : "";
  const shown = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return new EpicsError(`cannot set ${pv.name} to ${shown.slice(0, 60)}${units}: ${what}`);
}
