/**
 * The data of Channel Access, the "DBR types": values with time and alarm, and their units, limits and
 * choices.
 */

import { endianness } from "node:os";
import { numbersIn, swapBytes, type TypedArrayClass } from "../../numbersIn";
import { textOf, untilZero } from "../epicsText";

/**
 * The native types of a channel. Source: "CA protocol specification", section "Payload data types";
 * structures as in EPICS base's db_access.h.
 */
export const FieldType = { string: 0, short: 1, float: 2, enum: 3, char: 4, long: 5, double: 6 } as const;

/**
 * The numbers that, added to a native type, make its forms DBR_TIME (with time) and DBR_CTRL (with control
 * limits).
 */
const TIME = 14;
const CTRL = 28;

/** The elements of a channel: numbers as typed arrays, enums as their indices. */
export type CaArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Uint16Array
  | Uint8Array
  | readonly string[];

/** A value with its time and alarm. */
export interface CaReading {
  readonly data: CaArray;
  /** The alarm severity: 0 none, 1 minor, 2 major, 3 invalid. */
  readonly severity: number;
  /** The alarm status of EPICS, 0 to 21 (alarm.h). */
  readonly status: number;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** What describes the values of a channel: `choices` for an enum, all other fields for numbers. */
export interface CaControl {
  readonly units?: string;
  readonly precision?: number;
  readonly display?: CaRange;
  readonly warning?: CaRange;
  readonly alarm?: CaRange;
  readonly control?: CaRange;
  readonly choices?: readonly string[];
}

/** Limits, in the unit of the channel. */
export interface CaRange {
  readonly low: number;
  readonly high: number;
}

/** How elements of one type are laid out in a payload. */
interface ElementLayout {
  readonly size: number;
  /** Bytes between the time and the first element in the form DBR_TIME. */
  readonly padding: number;
  readonly array: TypedArrayClass<Exclude<CaArray, readonly string[]>>;
  readonly read: (data: Buffer, at: number) => number;
  readonly write: (data: Buffer, value: number, at: number) => void;
}

const LAYOUTS: Readonly<Record<number, ElementLayout>> = {
  [FieldType.short]: {
    size: 2,
    padding: 2,
    array: Int16Array,
    read: (data, at) => data.readInt16BE(at),
    write: (data, value, at) => void data.writeInt16BE(value, at),
  },
  [FieldType.float]: {
    size: 4,
    padding: 0,
    array: Float32Array,
    read: (data, at) => data.readFloatBE(at),
    write: (data, value, at) => void data.writeFloatBE(value, at),
  },
  [FieldType.enum]: {
    size: 2,
    padding: 2,
    array: Uint16Array,
    read: (data, at) => data.readUInt16BE(at),
    write: (data, value, at) => void data.writeUInt16BE(value, at),
  },
  [FieldType.char]: {
    size: 1,
    padding: 3,
    array: Uint8Array,
    read: (data, at) => data.readUInt8(at),
    write: (data, value, at) => void data.writeUInt8(value, at),
  },
  [FieldType.long]: {
    size: 4,
    padding: 0,
    array: Int32Array,
    read: (data, at) => data.readInt32BE(at),
    write: (data, value, at) => void data.writeInt32BE(value, at),
  },
  [FieldType.double]: {
    size: 8,
    padding: 4,
    array: Float64Array,
    read: (data, at) => data.readDoubleBE(at),
    write: (data, value, at) => void data.writeDoubleBE(value, at),
  },
};

const STRING_SIZE = 40;
const UNITS_SIZE = 8;
const CHOICE_SIZE = 26;
const MAX_CHOICES = 16;
/** The Unix time, in seconds, of EPICS' epoch 1990-01-01. */
const EPOCH = 631_152_000;

/** The number of a native type's form DBR_TIME. */
export const timeType = (fieldType: number): number => fieldType + TIME;
/** The number of a native type's form DBR_CTRL. */
export const controlType = (fieldType: number): number => fieldType + CTRL;

/**
 * Decodes a value in the form DBR_TIME. Throws RangeError if the payload is too short for the number of
 * elements.
 */
export function decodeReading(fieldType: number, count: number, payload: Buffer): CaReading {
  return {
    status: payload.readInt16BE(0),
    severity: payload.readInt16BE(2),
    timestamp: payload.readUInt32BE(4) + EPOCH + payload.readUInt32BE(8) * 1e-9,
    data: decodeArray(fieldType, count, payload, 12 + (LAYOUTS[fieldType]?.padding ?? 0)),
  };
}

/** Decodes what describes the values, from the form DBR_CTRL. */
export function decodeControl(fieldType: number, payload: Buffer): CaControl {
  if (fieldType === FieldType.string) return {};
  if (fieldType === FieldType.enum) return { choices: decodeChoices(payload) };
  const element = layoutOf(fieldType);
  const real = fieldType === FieldType.float || fieldType === FieldType.double;
  const units = fieldText(payload, real ? 8 : 4, UNITS_SIZE);
  const first = (real ? 8 : 4) + UNITS_SIZE;
  const limit = (i: number) => element.read(payload, first + i * element.size);
  return {
    units,
    ...(real ? { precision: payload.readInt16BE(4) } : {}),
    display: { high: limit(0), low: limit(1) },
    alarm: { high: limit(2), low: limit(5) },
    warning: { high: limit(3), low: limit(4) },
    control: { high: limit(6), low: limit(7) },
  };
}

/**
 * Encodes a payload to write. Throws RangeError for strings of more than 39 bytes, which a string field
 * cannot hold.
 */
export function encodeArray(fieldType: number, data: ArrayLike<number | string>): Buffer {
  if (fieldType === FieldType.string) return encodeStrings(data);
  const { array: ArrayOf, size, write } = layoutOf(fieldType);
  if (data instanceof ArrayOf) {
    const { buffer, byteOffset, byteLength } = data as Uint8Array;
    const payload = Buffer.from(new Uint8Array(buffer, byteOffset, byteLength));
    if (endianness() === "LE") swapBytes(payload, size);
    return payload;
  }
  const payload = Buffer.alloc(data.length * size);
  for (let i = 0; i < data.length; i++) write(payload, Number(data[i]), i * size);
  return payload;
}

function encodeStrings(data: ArrayLike<number | string>): Buffer {
  const payload = Buffer.alloc(data.length * STRING_SIZE);
  for (let i = 0; i < data.length; i++) {
    const text = String(data[i]);
    if (Buffer.byteLength(text) >= STRING_SIZE) throw new RangeError(`a string has more than ${STRING_SIZE - 1} bytes`);
    payload.write(text, i * STRING_SIZE, "utf8");
  }
  return payload;
}

function decodeArray(fieldType: number, count: number, payload: Buffer, start: number): CaArray {
  const needed = start + count * (LAYOUTS[fieldType]?.size ?? STRING_SIZE);
  if (payload.length < needed) throw new RangeError(`the server announced ${count} elements and sent fewer`);
  if (fieldType === FieldType.string) {
    return Array.from({ length: count }, (_, i) => fieldText(payload, start + i * STRING_SIZE, STRING_SIZE));
  }
  const { array } = layoutOf(fieldType);
  // The wire is big-endian.
  return numbersIn(payload.subarray(start, needed), array, true);
}

function decodeChoices(payload: Buffer): string[] {
  const count = Math.min(payload.readUInt16BE(4), MAX_CHOICES);
  return Array.from({ length: count }, (_, i) => fieldText(payload, 6 + i * CHOICE_SIZE, CHOICE_SIZE));
}

function layoutOf(fieldType: number): ElementLayout {
  const element = LAYOUTS[fieldType];
  if (!element) throw new RangeError(`Channel Access has no type ${fieldType}`);
  return element;
}

/** The text of a field, up to the first zero byte. Old records contain Latin-1, mostly the degree sign. */
function fieldText(payload: Buffer, start: number, size: number): string {
  const text = untilZero(payload.subarray(start, start + size));
  return textOf(text, text.length >= size - 1);
}
