/** JSON as SEC nodes write it: integers of any size and, from Python, bare NaN and Infinity. */

import { exactNumber } from "./exactNumber";
import { newUid } from "./randomSource";

/**
 * Marks tokens that JSON.parse would misread. Random, so that no string of a node can be taken for a mark.
 */
const MARK = `${newUid()}:`;
const QUOTED_MARK = new RegExp(`"${MARK}(-?\\d+)"`, "g");
const BIG_INTEGER = /(?:^|[[,:\s-])\d{16,}(?![\d.eE])/;
const SPECIAL = /(?<![\w.])-?(?:\d{16,}(?![\d.eE])|Infinity\b|NaN\b)/g;
const NON_ASCII = /[\u007f-\uffff]/g;

/**
 * The value of a JSON text. Integers beyond 2^53 come as `bigint` instead of losing digits; the tokens NaN,
 * Infinity and -Infinity are numbers. Throws SyntaxError.
 */
export function parseJson(text: string): unknown {
  return mayHoldBigIntegers(text) ? parseMarked(text, integer) : parseRoundedJson(text);
}

/** Whether a JSON text may have integers beyond 2^53; a string that looks like one counts as well. */
export const mayHoldBigIntegers = (text: string): boolean => BIG_INTEGER.test(text);

/**
 * The same with all integers as numbers, rounded beyond 2^53: for values that stay plain JSON, which has no
 * `bigint`.
 */
export function parseRoundedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/NaN|Infinity/.test(text)) return parseMarked(text, Number);
    throw error;
  }
}

/** The text of a file without the byte order mark that editors on Windows put before it. */
export const withoutByteOrderMark = (text: string): string => (text.startsWith("\ufeff") ? text.slice(1) : text);

/**
 * The value as one line of ASCII JSON; a `bigint` is written as an integer. Throws TypeError if the value has
 * no JSON form.
 */
export function formatJson(value: unknown): string {
  const text = exactJson(value);
  if (text === undefined) throw new TypeError(`${typeof value} has no JSON form`);
  return text.replace(NON_ASCII, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Tries without a replacer first: that is several times faster, and few values contain a `bigint`. */
function exactJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    const mark = (_key: string, v: unknown) => (typeof v === "bigint" ? `${MARK}${v}` : v);
    return JSON.stringify(value, mark)?.replace(QUOTED_MARK, "$1");
  }
}

function parseMarked(text: string, convert: (token: string) => unknown): unknown {
  return JSON.parse(markOutsideStrings(text), (_key, value) =>
    typeof value === "string" && value.startsWith(MARK) ? convert(value.slice(MARK.length)) : value,
  );
}

function integer(token: string): number | bigint {
  return /^-?\d+$/.test(token) ? exactNumber(BigInt(token)) : Number(token);
}

function markOutsideStrings(text: string): string {
  const parts: string[] = [];
  let from = 0;
  while (from < text.length) {
    const open = text.indexOf('"', from);
    const outside = open < 0 ? text.slice(from) : text.slice(from, open);
    parts.push(outside.replace(SPECIAL, (token) => `"${MARK}${token}"`));
    if (open < 0) break;
    const close = endOfString(text, open);
    parts.push(text.slice(open, close));
    from = close;
  }
  return parts.join("");
}

function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0) {
    let backslashes = 0;
    while (text[close - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}
