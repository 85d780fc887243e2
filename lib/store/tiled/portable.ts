/** Metadata and names that every Tiled server can store and hand out again. */

import { shortened } from "../files/fileName";
import { portableText } from "../files/portableText";

const LARGEST = Number.MAX_SAFE_INTEGER;

/**
 * Whole numbers end at 2^53 - 1, as in Python's TiledWriter: PostgreSQL keeps 1.797e308 as an integer of 309
 * digits, which the server then cannot send. Numbers that JSON does not know become texts. NUL, which
 * PostgreSQL refuses in a text, is replaced.
 */
export function portable(value: unknown): unknown {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return String(value);
    return Number.isInteger(value) ? Math.max(-LARGEST, Math.min(LARGEST, value)) : value;
  }
  if (typeof value === "string") return portableText(value);
  if (typeof value === "bigint") return portable(Number(value));
  // The common type of typed arrays in TypeScript has no elements.
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, portable);
  if (Array.isArray(value)) return value.map(portable);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [portableText(key), portable(item)]));
  return value;
}

/** Bytes that the name of a column may have, so that PostgreSQL also takes it with `ts_` before it. */
const LONGEST_NAME = 60;

/**
 * Names of columns as Tiled allows them in SQL: without quotes, operators and comments, with a letter
 * first, at most 60 bytes, and different in more than their case. Of two that are equal then, the second gets
 * a number behind it.
 */
export function columnNames(keys: Iterable<string>): Map<string, string> {
  const taken = new Set(["seq_num", "time"]);
  const names = new Map<string, string>();
  for (const key of keys) {
    const base = sqlName(key);
    let name = shortened(base, LONGEST_NAME);
    for (let i = 2; taken.has(name.toLowerCase()) || taken.has(`ts_${name}`.toLowerCase()); i += 1)
      name = `${shortened(base, LONGEST_NAME - `_${i}`.length)}_${i}`;
    taken.add(name.toLowerCase());
    taken.add(`ts_${name}`.toLowerCase());
    names.set(key, name);
  }
  return names;
}

function sqlName(key: string): string {
  const name = portableText(key)
    .replace(/['"`;\\%()=+]|\p{Cc}/gu, "_")
    .replace(/-(?=-)|\/(?=\*)|\*(?=\/)/g, "_");
  return /^[A-Za-z]/.test(name) ? name : `x${name}`;
}
