/** The interface and the errors that all codecs share. */

import { SecopError, secopError } from "../../../errors";
import { nearest } from "../../../nearest";
import { printable } from "../../../printable";

/** Converts between JavaScript values and JSON values of the wire. */
export interface Codec<T = unknown> {
  /**
   * The JavaScript value of a JSON value of the wire. Lenient: values outside the limits are accepted, as the
   * spec demands, and so are equivalent forms. Throws WrongTypeError, with the path inside the value, for a
   * value that the type cannot hold.
   */
  decode(wire: unknown): T;
  /**
   * The JSON value to send. Strict: throws WrongTypeError or SecopRangeError, with the path inside the value,
   * the limit and its unit, for any value that the node would have to refuse.
   */
  encode(value: unknown): unknown;
}

/** The path and the reason of each error, so that outer codecs can prepend to the path. */
const places = new WeakMap<SecopError, { path: string; reason: string }>();

/** The error of a value of another type. */
export function wrongType(reason: string): SecopError {
  return placed("WrongType", "", reason);
}

/** The error of a value outside its limits. */
export function outOfRange(reason: string): SecopError {
  return placed("RangeError", "", reason);
}

/** The error with `step` (`[3]`, `.name`) prepended to its path. */
export function prefixPath(step: string, error: unknown): unknown {
  const place = error instanceof SecopError ? places.get(error) : undefined;
  return place ? placed((error as SecopError).code, step + place.path, place.reason) : error;
}

function placed(code: string, path: string, reason: string): SecopError {
  const at = path.startsWith(".") ? path.slice(1) : path;
  const error = secopError(code, at === "" ? reason : `${at}: ${reason}`);
  places.set(error, { path, reason });
  return error;
}

/** A value for a message: on one line, at most 60 characters. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : plain(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function plain(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (typeof value !== "object" || value === null) return typeof value === "bigint" ? `${value}n` : String(value);
  try {
    return JSON.stringify(value, (_key, v) => (hasNoJson(v) ? plain(v) : v)) ?? typeof value;
  } catch {
    return "an object that has no JSON form";
  }
}

const hasNoJson = (value: unknown): boolean =>
  typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value));

/** "the node allows 0 K to 325 K"; for limits that contradict each other, a text that says so. */
export function allowed(min: number | undefined, max: number | undefined, unit: string | undefined): string {
  const show = (limit: number) => (unit ? `${limit} ${unit}` : `${limit}`);
  if (min !== undefined && min === max) return `the node allows only ${show(min)}`;
  if (min === undefined)
    return max === undefined ? "the node allows any value" : `the node allows at most ${show(max)}`;
  if (max === undefined) return `the node allows at least ${show(min)}`;
  if (min <= max) return `the node allows ${show(min)} to ${show(max)}`;
  return `the node allows nothing: it reports a lower limit of ${show(min)} above the upper one of ${show(max)}, so correct these limits first`;
}

/**
 * Says that a name is not in `names`: `"on" is not one of off, auto`; of many names, the first ones and the
 * one probably meant.
 */
export function notOneOf(name: unknown, names: readonly string[]): string {
  if (names.length === 0) return `${shown(name)} is not possible, there are no members`;
  const first = names.slice(0, MOST_LISTED).join(", ");
  const listed = printable(first.length > MOST_CHARACTERS ? `${first.slice(0, MOST_CHARACTERS)}...` : first);
  if (names.length <= MOST_LISTED) return `${shown(name)} is not one of ${listed}`;
  const meant = typeof name === "string" ? nearest(name, names) : undefined;
  const hint = meant === undefined ? "" : `, did you mean ${shown(meant)}?`;
  return `${shown(name)} is not one of ${listed} ... (${names.length} in all)${hint}`;
}

/** The most names that a message lists. */
const MOST_LISTED = 20;
/** The most characters of such a list. */
const MOST_CHARACTERS = 300;

/** Throws SecopRangeError if a length is outside its limits. */
export function checkLength(length: number, min: number | undefined, max: number | undefined, what: string): void {
  if (length < (min ?? 0) || length > (max ?? Number.POSITIVE_INFINITY)) {
    throw outOfRange(`${allowed(min ?? 0, max, what)}, this has ${length}`);
  }
}
