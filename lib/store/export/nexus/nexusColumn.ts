/** A column of a stream as a field of NeXus. */

import type { DataKey } from "../../../engine/documents/documents";
import { columnKind, jsonText } from "../columnKind";
import type { Attributes, H5Group, Hdf5Writer } from "./hdf5Writer";

/** Writes a column; a list of numbers of one length becomes a further dimension. @returns its path */
export function writeColumn(
  writer: Hdf5Writer,
  group: H5Group,
  name: string,
  values: readonly unknown[],
  key: Partial<DataKey>,
  attributes: Attributes,
): string | undefined {
  const kind = columnKind(key, values);
  const isWhole = values.every((value) => value !== undefined && value !== null);
  if (kind.list && (kind.scalar === "number" || kind.scalar === "integer")) {
    const rows = values as readonly ArrayLike<number>[];
    const length = rows[0]?.length ?? 0;
    if (isWhole && length > 0 && rows.every((row) => row.length === length)) {
      const flat = new Float64Array(rows.length * length);
      for (const [i, row] of rows.entries())
        for (let k = 0; k < length; k += 1) flat[i * length + k] = numberOf(row[k]);
      return writer.numbers(group, name, flat, [rows.length, length], attributes);
    }
    return writeTexts(writer, group, name, values, attributes);
  }
  switch (kind.scalar) {
    case "integer":
      if (isWhole && !kind.list) return writer.integers(group, name, values as number[], [values.length], attributes);
      return writer.numbers(group, name, values.map(numberOf), [values.length], attributes);
    case "number":
      return writer.numbers(group, name, values.map(numberOf), [values.length], attributes);
    case "boolean":
      if (kind.list || !isWhole) return writeTexts(writer, group, name, values, attributes);
      return writer.array(
        group,
        name,
        { values: Uint8Array.from(values, Number), shape: [values.length], dtype: "<B" },
        attributes,
      );
    default: {
      const cube = cubeOf(values);
      if (cube) return writer.numbers(group, name, cube.flat, cube.shape, attributes);
      return writeTexts(writer, group, name, values, attributes);
    }
  }
}

function writeTexts(
  writer: Hdf5Writer,
  group: H5Group,
  name: string,
  values: readonly unknown[],
  attributes: Attributes,
): string | undefined {
  const texts = values.map((value) => (typeof value === "string" ? value : value == null ? "" : jsonText(value)));
  return writer.texts(group, name, texts, attributes);
}

const numberOf = (value: unknown): number => (value === undefined || value === null ? Number.NaN : Number(value));

/** Numbers in lists of lists, all of one shape; undefined for anything else. */
function cubeOf(values: readonly unknown[]): { readonly flat: number[]; readonly shape: number[] } | undefined {
  const shape = [values.length, ...shapeOf(values[0])];
  if (shape.length < 2 || shape.includes(0)) return undefined;
  const flat: number[] = [];
  const isFlat = values.every((value) => flatten(value, shape, 1, flat));
  return isFlat ? { flat, shape } : undefined;
}

function shapeOf(value: unknown): number[] {
  if (!isList(value)) return [];
  return [value.length, ...shapeOf(value[0])];
}

function flatten(value: unknown, shape: readonly number[], depth: number, flat: number[]): boolean {
  if (depth === shape.length) {
    if (typeof value !== "number") return false;
    flat.push(value);
    return true;
  }
  if (!isList(value) || value.length !== shape[depth]) return false;
  for (let i = 0; i < value.length; i += 1) if (!flatten(value[i], shape, depth + 1, flat)) return false;
  return true;
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
