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
  const value = parseLenient(line);
  if (typeof value !== "object" || value === null) return undefined;
  const { name, doc } = value as Record<string, unknown>;
  if (typeof name !== "string" || !NAMES.has(name) || typeof doc !== "object" || doc === null) return undefined;
  return { name, doc } as Document;
}

const NAMES: ReadonlySet<string> = new Set(DOCUMENT_NAMES);

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
    const json = encode(value, 2, floats.has(key) ? encodeFloat : encodePlainNumber);
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

/**
 * A string, or a word that JSON does not know. Strings are matched so that such words inside them are left
 * alone.
 */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** Marks such a word while the JSON is parsed. Neither we nor Python write a text that begins with it. */
const MARK = "\u0000secop-lab:";

function parseLenient(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    if (!/NaN|Infinity/.test(line)) return undefined;
  }
  const marked = line.replace(STRING_OR_WORD, (match) =>
    match.startsWith('"') ? match : JSON.stringify(MARK + match),
  );
  try {
    return JSON.parse(marked, (_key, value: unknown) =>
      typeof value === "string" && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
    );
  } catch {
    return undefined;
  }
}
