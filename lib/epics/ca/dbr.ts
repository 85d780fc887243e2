// The data of Channel Access ("DBR types"): values with time and alarm, and what describes them.
// Source: "CA protocol specification", section "Payload data types"; structures as in EPICS base's db_access.h.

/** Native types of a channel. */
export const FieldType = { string: 0, short: 1, float: 2, enum: 3, char: 4, long: 5, double: 6 } as const;

/** Added to a native type, the number of its forms "with time" and "with control limits". */
const TIME = 14;
const CTRL = 28;

/** What a channel holds: numbers as typed arrays, an enum as its indices. */
export type CaArray =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Uint16Array
  | Uint8Array
  | readonly string[];

export interface CaReading {
  readonly data: CaArray;
  /** 0 fine, 1 minor, 2 major, 3 invalid. */
  readonly severity: number;
  /** EPICS' alarm status, 0 to 21. */
  readonly status: number;
  /** Unix seconds. */
  readonly timestamp: number;
}

/** Fields are there for numbers, `choices` for an enum. */
export interface CaControl {
  readonly units?: string;
  readonly precision?: number;
  readonly display?: CaRange;
  readonly warning?: CaRange;
  readonly alarm?: CaRange;
  readonly control?: CaRange;
  readonly choices?: readonly string[];
}

export interface CaRange {
  readonly low: number;
  readonly high: number;
}

interface ElementLayout {
  readonly size: number;
  /** Bytes between the time and the first element. */
  readonly padding: number;
  readonly array: (length: number) => Exclude<CaArray, readonly string[]>;
  readonly read: (data: Buffer, at: number) => number;
  readonly write: (data: Buffer, value: number, at: number) => void;
}

const ELEMENTS: Readonly<Record<number, ElementLayout>> = {
  [FieldType.short]: {
    size: 2,
    padding: 2,
    array: (n) => new Int16Array(n),
    read: (data, at) => data.readInt16BE(at),
    write: (data, value, at) => void data.writeInt16BE(value, at),
  },
  [FieldType.float]: {
    size: 4,
    padding: 0,
    array: (n) => new Float32Array(n),
    read: (data, at) => data.readFloatBE(at),
    write: (data, value, at) => void data.writeFloatBE(value, at),
  },
  [FieldType.enum]: {
    size: 2,
    padding: 2,
    array: (n) => new Uint16Array(n),
    read: (data, at) => data.readUInt16BE(at),
    write: (data, value, at) => void data.writeUInt16BE(value, at),
  },
  [FieldType.char]: {
    size: 1,
    padding: 3,
    array: (n) => new Uint8Array(n),
    read: (data, at) => data.readUInt8(at),
    write: (data, value, at) => void data.writeUInt8(value, at),
  },
  [FieldType.long]: {
    size: 4,
    padding: 0,
    array: (n) => new Int32Array(n),
    read: (data, at) => data.readInt32BE(at),
    write: (data, value, at) => void data.writeInt32BE(value, at),
  },
  [FieldType.double]: {
    size: 8,
    padding: 4,
    array: (n) => new Float64Array(n),
    read: (data, at) => data.readDoubleBE(at),
    write: (data, value, at) => void data.writeDoubleBE(value, at),
  },
};

const STRING_SIZE = 40;
const UNITS_SIZE = 8;
const CHOICE_SIZE = 26;
const MAX_CHOICES = 16;
/** EPICS counts time from 1990. */
const EPOCH = 631_152_000;

export const timeType = (fieldType: number): number => fieldType + TIME;
export const controlType = (fieldType: number): number => fieldType + CTRL;

/** A value in its form "with time". Throws RangeError where the payload is shorter than its count says. */
export function decodeReading(fieldType: number, count: number, payload: Buffer): CaReading {
  return {
    status: payload.readInt16BE(0),
    severity: payload.readInt16BE(2),
    timestamp: payload.readUInt32BE(4) + EPOCH + payload.readUInt32BE(8) * 1e-9,
    data: decodeArray(fieldType, count, payload, 12 + (ELEMENTS[fieldType]?.padding ?? 0)),
  };
}

/** What describes the values, from the form "with control limits". */
export function decodeControl(fieldType: number, payload: Buffer): CaControl {
  if (fieldType === FieldType.string) return {};
  if (fieldType === FieldType.enum) return { choices: decodeChoices(payload) };
  const element = layoutOf(fieldType);
  const real = fieldType === FieldType.float || fieldType === FieldType.double;
  const units = text(payload, real ? 8 : 4, UNITS_SIZE);
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

/** A payload to write. Strings longer than 39 bytes do not fit in a string field and throw RangeError. */
export function encodeArray(fieldType: number, data: ArrayLike<number | string>): Buffer {
  const strings = fieldType === FieldType.string;
  const element = strings ? null : layoutOf(fieldType);
  const size = element?.size ?? STRING_SIZE;
  const payload = Buffer.alloc(data.length * size);
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (element) element.write(payload, Number(value), i * size);
    else if (Buffer.byteLength(String(value)) < STRING_SIZE) payload.write(String(value), i * size, "utf8");
    else throw new RangeError(`a string of more than ${STRING_SIZE - 1} bytes does not fit`);
  }
  return payload;
}

function decodeArray(fieldType: number, count: number, payload: Buffer, start: number): CaArray {
  const needed = start + count * (ELEMENTS[fieldType]?.size ?? STRING_SIZE);
  if (payload.length < needed) throw new RangeError(`${count} elements were told and fewer were sent`);
  if (fieldType === FieldType.string) {
    return Array.from({ length: count }, (_, i) => text(payload, start + i * STRING_SIZE, STRING_SIZE));
  }
  const { array, read, size } = layoutOf(fieldType);
  const data = array(count);
  for (let i = 0; i < count; i++) data[i] = read(payload, start + i * size);
  return data;
}

function decodeChoices(payload: Buffer): string[] {
  const count = Math.min(payload.readUInt16BE(4), MAX_CHOICES);
  return Array.from({ length: count }, (_, i) => text(payload, 6 + i * CHOICE_SIZE, CHOICE_SIZE));
}

function layoutOf(fieldType: number): ElementLayout {
  const element = ELEMENTS[fieldType];
  if (!element) throw new RangeError(`unknown type ${fieldType} of Channel Access`);
  return element;
}

/** Up to the first zero byte. Old records hold Latin-1, the degree sign above all. */
function text(payload: Buffer, start: number, size: number): string {
  const field = payload.subarray(start, start + size);
  const zero = field.indexOf(0);
  const bytes = zero < 0 ? field : field.subarray(0, zero);
  const utf8 = bytes.toString("utf8");
  return utf8.includes("\uFFFD") ? bytes.toString("latin1") : utf8;
}
