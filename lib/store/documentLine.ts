/**
 * Documents as lines of a run file, and back. What JSON has no word for is written as Python's `json` writes it: `NaN`, `Infinity`,
 * `-Infinity`. Typed arrays and bytes become arrays of numbers, a `bigint` becomes an integer, a date its ISO text.
 */
import { DOCUMENT_NAMES, type Document, type DocumentName, type DocumentTypes, type Event } from "../engine/documents";

/** One line, with its line feed. Throws on what refers to itself. */
export function documentLine<N extends DocumentName>(name: N, doc: DocumentTypes[N]): string {
  const json = name === "event" && isPlain(doc as Event) ? JSON.stringify(doc) : encode(doc, 0);
  return `{"name":"${name}","doc":${json}}\n`;
}

/** The document of a line; `undefined` if it is no document, as the last line of a file whose writer was killed. */
export function parseDocumentLine(line: string): Document | undefined {
  const value = parseLenient(line);
  if (typeof value !== "object" || value === null) return undefined;
  const { name, doc } = value as Record<string, unknown>;
  if (typeof name !== "string" || !NAMES.has(name) || typeof doc !== "object" || doc === null) return undefined;
  return { name, doc } as Document;
}

const NAMES: ReadonlySet<string> = new Set(DOCUMENT_NAMES);

const DEEPEST = 100;

/** Whether JSON can hold the event as it is, which is the usual case and four times as fast. */
function isPlain(event: Event): boolean {
  for (const key in event.data) {
    const value = event.data[key];
    if (typeof value === "number" ? !Number.isFinite(value) : typeof value !== "string" && typeof value !== "boolean")
      return false;
  }
  for (const key in event.timestamps) if (!Number.isFinite(event.timestamps[key])) return false;
  return true;
}

function encode(value: unknown, depth: number): string {
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null) return "null";
  if (depth > DEEPEST) throw new RangeError(`nested deeper than ${DEEPEST}, or refers to itself`);
  if (ArrayBuffer.isView(value)) return encodeArray(value as unknown as ArrayLike<unknown>, depth);
  if (Array.isArray(value)) return encodeArray(value, depth);
  if (hasToJson(value)) return encode(value.toJSON(), depth + 1);
  if (value instanceof Map) return encodeObject(value.entries(), depth);
  if (value instanceof Set) return encodeArray([...value], depth);
  return encodeObject(Object.entries(value), depth);
}

function encodeNumber(value: number): string {
  return String(Object.is(value, -0) ? "-0.0" : value);
}

function encodeArray(array: ArrayLike<unknown>, depth: number): string {
  const items: string[] = [];
  for (let i = 0; i < array.length; i++) items.push(encode(array[i], depth + 1));
  return `[${items.join(",")}]`;
}

function encodeObject(entries: Iterable<readonly [unknown, unknown]>, depth: number): string {
  const members: string[] = [];
  for (const [key, value] of entries) {
    if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
    members.push(`${JSON.stringify(String(key))}:${encode(value, depth + 1)}`);
  }
  return `{${members.join(",")}}`;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return typeof (value as { toJSON?: unknown }).toJSON === "function";
}

/** A string, or a word which JSON does not know. Strings are matched so that such a word in one is left alone. */
const STRING_OR_WORD = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
/** Stands for a word while JSON is parsed; a text that begins so is not written by us or by Python. */
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
