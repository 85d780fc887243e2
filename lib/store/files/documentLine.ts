/** Documents as lines of a run file, and back. */

import {
  DOCUMENT_NAMES,
  type Document,
  type DocumentName,
  type DocumentTypes,
  type Event,
  type EventDescriptor,
  type EventPage,
} from "../../engine/documents/documents";
import { mayHoldBigIntegers, parseJson, parseRoundedJson } from "../../json";

/**
 * The line of a document, with its line feed.
 *
 * Values that JSON cannot express are written as Python's `json` writes them: `NaN`, `Infinity` and
 * `-Infinity`. A whole number in a column of floating-point numbers is written as `10.0`, since tools take
 * the type of a column from its first values. Typed arrays and bytes become arrays of numbers, a `bigint`
 * becomes an integer, a date its ISO text.
 *
 * @param floats the keys of floating-point numbers, `floatKeys(descriptor)`, if the document is an event or a
 * page of events.
 * @throws RangeError if the document contains itself.
 */
export function documentLine<N extends DocumentName>(
  name: N,
  doc: DocumentTypes[N],
  floats: ReadonlySet<string> = NONE,
): string {
  const json =
    name === "event" || name === "event_page" ? encodeEvents(doc as Event | EventPage, floats) : encode(doc, 0);
  return `{"name":"${name}","doc":${json}}\n`;
}

/**
 * A measured value as JSON text in a cell of a table, with `NaN` and `Infinity` and all digits of a
 * `bigint`, as Python's `json` reads it.
 */
export const valueText = (value: unknown): string => encode(value, 0, encodeDataNumber);

/** A value as JSON that every tool reads: numbers that JSON does not know are `null`. */
export const plainJson = (value: unknown): string => encode(value, 0, encodeStrictNumber);

/** The keys whose values are floating-point numbers, or arrays of them. */
export function floatKeys({ data_keys: keys }: Pick<EventDescriptor, "data_keys">): ReadonlySet<string> {
  return new Set(
    Object.entries(keys)
      .filter(([, key]) => isFloat(key))
      .map(([name]) => name),
  );
}

function isFloat({ dtype, dtype_numpy: numpy }: EventDescriptor["data_keys"][string]): boolean {
  if (typeof numpy === "string") return /^[<>=|]?f\d+$/.test(numpy);
  return dtype === "number";
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The document of a line; `undefined` for other lines, such as the incomplete last line of a killed process.
 */
export function parseDocumentLine(line: string): Document | undefined {
  let value: unknown;
  try {
    const isExact = HAS_EVENTS.test(line) && mayHoldBigIntegers(line);
    value = isExact ? withNumberTimes(parseJson(line)) : parseRoundedJson(line);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { name, doc } = value as Record<string, unknown>;
  if (typeof name !== "string" || !NAMES.has(name) || typeof doc !== "object" || doc === null) return undefined;
  return { name, doc } as Document;
}

const NAMES: ReadonlySet<string> = new Set(DOCUMENT_NAMES);

/**
 * The line of an event or a page of them. Only measured integers keep digits that a number loses, as a
 * `bigint`: metadata stay what `JSON.stringify` takes.
 */
const HAS_EVENTS = /^\s*\{\s*"name"\s*:\s*"event/;

/** Events are exact in their data only: a time is a number, however large it is. */
function withNumberTimes(line: unknown): unknown {
  const { doc } = line as { doc?: Record<string, unknown> };
  if (typeof doc !== "object" || doc === null) return line;
  const rounded = (value: unknown): unknown => {
    if (typeof value === "bigint") return Number(value);
    if (Array.isArray(value)) return value.map(rounded);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item)]));
  };
  return { ...(line as object), doc: { ...(rounded({ ...doc, data: null }) as object), data: doc.data } };
}

/** How deep values may be nested. */
const DEEPEST = 100;

/**
 * An event, or a page of them with lists as values. `JSON.stringify` is used where possible, since it is
 * fastest and events are most of a file.
 */
function encodeEvents(doc: Event | EventPage, floats: ReadonlySet<string>): string {
  let members = "";
  for (const key in doc) {
    if (key === "data" || key === "timestamps") continue;
    // The members of a document are written by their names.
    const value = (doc as unknown as Record<string, unknown>)[key];
    if (value === undefined) continue;
    members += `${keyText(key)}${plainText(value)},`;
  }
  return `{${members}"data":${encodeData(doc.data, floats)},"timestamps":${encodeTimestamps(doc.timestamps)}}`;
}

/** A value of an event beside its data; most are numbers, uids, and empty objects. */
function plainText(value: unknown): string {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "string" && PLAIN_TEXT.test(value)) return `"${value}"`;
  return JSON.stringify(value) ?? "null";
}

/** A text that needs no escapes in JSON, such as a uid. */
const PLAIN_TEXT = /^[\w/ .:-]*$/;

const keyTexts = new Map<string, string>();
/** Keys that are remembered, at most. */
const MOST_KEYS = 10_000;

/** The key of a member with its colon. The same few keys come again and again. */
function keyText(key: string): string {
  const known = keyTexts.get(key);
  if (known !== undefined) return known;
  const text = `${JSON.stringify(key)}:`;
  if (keyTexts.size < MOST_KEYS) keyTexts.set(key, text);
  return text;
}

function encodeTimestamps(timestamps: Readonly<Record<string, unknown>>): string {
  let members = "";
  for (const key in timestamps) {
    const time = timestamps[key];
    if (typeof time !== "number" || !Number.isFinite(time) || Number.isInteger(time)) {
      return encode(timestamps, 2, encodeFloat);
    }
    members += `${members && ","}${keyText(key)}${time}`;
  }
  return `{${members}}`;
}

function encodeData(data: Readonly<Record<string, unknown>>, floats: ReadonlySet<string>): string {
  let members = "";
  for (const key in data) {
    const value = data[key];
    const json = encode(value, 2, floats.has(key) ? encodeFloat : encodeDataNumber);
    members += `${members && ","}${keyText(key)}${json}`;
  }
  return `{${members}}`;
}

function encodeFloat(value: number): string {
  if (!Number.isInteger(value)) return String(value);
  const text = encodePlainNumber(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function encode(value: unknown, depth: number, encodeNumber = encodePlainNumber): string {
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null) return "null";
  if (depth > DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST}, or refers to itself`);
  // The common type of typed arrays in TypeScript has no elements.
  if (ArrayBuffer.isView(value)) return encodeArray(value as unknown as ArrayLike<unknown>, depth, encodeNumber);
  if (Array.isArray(value)) return encodeArray(value, depth, encodeNumber);
  if (hasToJson(value)) return encode(value.toJSON(), depth + 1, encodeNumber);
  if (value instanceof Map) return encodeObject(value.entries(), depth, encodeNumber);
  if (value instanceof Set) return encodeArray([...value], depth, encodeNumber);
  return encodeObject(Object.entries(value), depth, encodeNumber);
}

function encodePlainNumber(value: number): string {
  return String(Object.is(value, -0) ? "-0.0" : value);
}

/** Digits alone would be read as a `bigint` where a number has lost some. */
function encodeDataNumber(value: number): string {
  const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded ? value.toExponential() : encodePlainNumber(value);
}

const encodeStrictNumber = (value: number): string => (Number.isFinite(value) ? encodePlainNumber(value) : "null");

type EncodeNumber = (value: number) => string;

function encodeArray(array: ArrayLike<unknown>, depth: number, encodeNumber: EncodeNumber): string {
  const items: string[] = [];
  for (let i = 0; i < array.length; i++) items.push(encode(array[i], depth + 1, encodeNumber));
  return `[${items.join(",")}]`;
}

function encodeObject(
  entries: Iterable<readonly [unknown, unknown]>,
  depth: number,
  encodeNumber: EncodeNumber,
): string {
  const members: string[] = [];
  for (const [key, value] of entries) {
    if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
    members.push(`${JSON.stringify(String(key))}:${encode(value, depth + 1, encodeNumber)}`);
  }
  return `{${members.join(",")}}`;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === "function";
}
