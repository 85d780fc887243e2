/** A column of a stream as a field of NeXus. */

import type { DataKey } from "../../../engine/documents/documents";
import { valueText } from "../../files/documentLine";
import { sizeOf } from "../../reading/frameLayout";
import { columnKind, isList } from "../columnKind";
import type { Attributes, H5Group, Hdf5Writer } from "./hdf5Writer";

/**
 * Writes a column of numbers, booleans (0 and 1) or texts; numbers in lists of one shape become further
 * dimensions. A missing number is NaN. Anything else becomes JSON text. @returns its path
 */
export function writeColumn(
  writer: Hdf5Writer,
  group: H5Group,
  name: string,
  values: readonly unknown[],
  key: Partial<DataKey>,
  attributes: Attributes,
): string | undefined {
  const cube = cubeOf(values);
  const kind = cube && kindOf(key, cube);
  if (cube === undefined || kind === undefined) {
    const texts = values.map((value) => (typeof value === "string" ? value : value == null ? "" : valueText(value)));
    return writer.texts(group, name, texts, attributes);
  }
  const { flat, shape } = cube;
  if (kind === "boolean") return writer.booleans(group, name, flat as boolean[], shape, attributes);
  if (kind === "integer") return writer.integers(group, name, flat as (number | bigint)[], shape, attributes);
  return writer.numbers(group, name, flat.map(numberOf), shape, attributes);
}

/** What a column of numbers or booleans is written as; undefined if a text alone keeps all of its values. */
function kindOf(key: Partial<DataKey>, { flat, shape }: Cube): "integer" | "number" | "boolean" | undefined {
  const { scalar } = shape.length > 1 ? columnKind({ ...key, dtype: "array" }, [flat]) : columnKind(key, flat);
  if (scalar === "json" || scalar === "string") return undefined;
  if (!flat.includes(undefined)) return scalar;
  // A double has a value for what is missing, but not all digits of an integer.
  const isSafe = flat.every(
    (value) => value === undefined || typeof value === "boolean" || Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER,
  );
  return isSafe || scalar === "number" ? "number" : undefined;
}

const numberOf = (value: number | bigint | boolean | undefined): number =>
  value === undefined ? Number.NaN : Number(value);

/** Values of a column, one after the other, and its shape. */
interface Cube {
  readonly flat: (number | bigint | boolean | undefined)[];
  readonly shape: readonly number[];
}

/** Numbers and booleans, single or in lists that are all of one shape; undefined for anything else. */
function cubeOf(values: readonly unknown[]): Cube | undefined {
  const shape = [values.length, ...shapeOf(values.find((value) => value !== undefined && value !== null))];
  if (shape.includes(0)) return undefined;
  const flat: Cube["flat"] = [];
  return values.every((value) => flatten(value, shape, 1, flat)) ? { flat, shape } : undefined;
}

function shapeOf(value: unknown): number[] {
  return isList(value) ? [value.length, ...shapeOf(value[0])] : [];
}

function flatten(value: unknown, shape: readonly number[], depth: number, flat: Cube["flat"]): boolean {
  if (value === undefined || value === null) {
    const count = sizeOf(shape.slice(depth));
    for (let i = 0; i < count; i += 1) flat.push(undefined);
    return true;
  }
  if (depth === shape.length) {
    if (!["number", "bigint", "boolean"].includes(typeof value)) return false;
    flat.push(value as number | bigint | boolean);
    return true;
  }
  if (!isList(value) || value.length !== shape[depth]) return false;
  for (let i = 0; i < value.length; i += 1) if (!flatten(value[i], shape, depth + 1, flat)) return false;
  return true;
}
