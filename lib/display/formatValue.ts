/** Values of any type as one line of text. */

import { oneLine } from "../printable";
import { counted, formatNumber, type NumberFormat } from "./number";

/** Arrays up to this length are written out. Of longer ones, type and shape are written. */
const SHOWN = 6;
/** Nested values below this depth are counted, not written out. */
const DEEPEST = 3;

/**
 * A value on one line of at most `width` characters (default 60). Numbers are written by `format` or
 * `precision`. Short arrays and structs are written out; of long ones type and shape are written, of bytes
 * their number.
 */
export function formatValue(
  value: unknown,
  options: {
    readonly precision?: number | null | undefined;
    readonly format?: NumberFormat;
    readonly width?: number;
  } = {},
): string {
  const { precision, width = 60 } = options;
  const format = options.format ?? ((n: number) => formatNumber(n, Number.isSafeInteger(n) ? undefined : precision));
  if (typeof value === "number") return options.format ? format(value) : formatNumber(value, precision);
  return oneLine(write(value, format, 0), width);
}

function write(value: unknown, format: NumberFormat, depth: number): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return format(value);
  if (typeof value === "string") return depth ? JSON.stringify(value.slice(0, 200)) : value.slice(0, 1000);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return counted(value.length, "byte");
  // The common type of typed arrays in TypeScript has no elements.
  if (ArrayBuffer.isView(value)) return writeTyped(value as unknown as TypedNumbers, format);
  if (Array.isArray(value)) return writeArray(value, format, depth);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object") return writeObject(value, format, depth);
  return typeof value;
}

interface TypedNumbers extends ArrayLike<number | bigint> {
  readonly constructor: { readonly name: string };
}

function writeTyped(array: TypedNumbers, format: NumberFormat): string {
  if (array.length > SHOWN) return `${array.constructor.name.replace("Array", "").toLowerCase()}[${array.length}]`;
  const write = array.constructor.name.startsWith("Float") ? format : (n: number) => formatNumber(n);
  return `[${Array.from(array, (n) => (typeof n === "bigint" ? String(n) : write(n))).join(", ")}]`;
}

function writeArray(array: readonly unknown[], format: NumberFormat, depth: number): string {
  const shape = shapeOf(array);
  if (depth >= DEEPEST || array.length > SHOWN || shape.length > 2) return `array[${shape.join(" × ")}]`;
  return `[${array.map((item) => write(item, format, depth + 1)).join(", ")}]`;
}

function writeObject(value: object, format: NumberFormat, depth: number): string {
  const keys = Object.keys(value);
  if (depth >= DEEPEST) return `{${keys.length} members}`;
  const shown = keys
    .slice(0, 12)
    .map((key) => `${key}: ${write((value as Record<string, unknown>)[key], format, depth + 1)}`);
  return `{${shown.join(", ")}${keys.length > 12 ? ", …" : ""}}`;
}

/** The lengths of nested arrays from the outermost inwards, as the first items have them. */
export function shapeOf(value: unknown): number[] {
  const shape: number[] = [];
  let inner: unknown = value;
  while ((Array.isArray(inner) || ArrayBuffer.isView(inner)) && shape.length < 8) {
    const array = inner as ArrayLike<unknown>;
    shape.push(array.length);
    inner = array[0];
  }
  return shape;
}
