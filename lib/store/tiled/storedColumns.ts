/** How the values of a data key are stored on a Tiled server: in a column of a table, or as an array. */

import { ClearError } from "../../clearError";
import type { DataKey } from "../../engine/documents/documents";
import { type ColumnKind, cellValue, elementKind, fitsKind } from "../export/columnKind";
import { portableText } from "../files/portableText";
import { type ArrayType, arrayTypeOf } from "./tiledArray";

/** The most elements of an array that stands in the table; a larger one is stored by itself. */
const LARGEST_IN_TABLE = 16;

/** A column of a table, or an array with the rows as its first dimension. */
export type Storage =
  | { readonly in: "table"; readonly kind: ColumnKind }
  | { readonly in: "array"; readonly type: ArrayType; readonly shape: readonly number[] };

/** Values that are not what the description of their data key says. They are stored another way. */
export class UndescribedValueError extends ClearError {
  override readonly name = "UndescribedValueError";
  readonly stream: string;
  readonly key: string;

  constructor(stream: string, key: string) {
    super(`values of "${key}" in the stream ${stream} are not of the type and shape that their description says`);
    this.stream = stream;
    this.key = key;
  }
}

/** How data keys are stored: as they are described, until values do not fit. */
export class StorageChoices {
  readonly #widened = new Map<string, Storage>();

  of(stream: string, key: string, described: DataKey): Storage {
    return this.#widened.get(idOf(stream, key)) ?? storageOf(described);
  }

  /** From now on stores the values in a way that has room for more of them. */
  widen({ stream, key }: UndescribedValueError, described: DataKey): void {
    this.#widened.set(idOf(stream, key), wider(this.of(stream, key, described), described));
  }

  /** Sentences for the readers of the run, about values that are not stored as described. */
  notes(): string[] {
    return [...this.#widened].map(([id, storage]) => {
      const { stream, key } = JSON.parse(id) as { stream: string; key: string };
      const isText = storage.in === "table" && storage.kind.scalar === "json";
      return `Values of '${key}' in stream '${stream}' are not as described: they are stored as ${isText ? "JSON texts" : "a column of another type"}.`;
    });
  }
}

const idOf = (stream: string, key: string): string => JSON.stringify({ stream, key });

const JSON_TEXTS: Storage = { in: "table", kind: { scalar: "json", list: false } };

function storageOf(key: DataKey): Storage {
  const { dtype, shape, dtype_numpy: numpy } = key;
  if (dtype !== "array") return { in: "table", kind: { scalar: dtype, list: false } };
  const type = arrayTypeOf(numpy);
  const isFixed = shape.length > 0 && !shape.includes(null);
  const size = shape.reduce<number>((product, length) => product * (length ?? 0), 1);
  if (type && isFixed && size > 0 && (shape.length > 1 || size > LARGEST_IN_TABLE))
    return { in: "array", type, shape: shape as readonly number[] };
  const isFlat = shape.length <= 1 && typeof numpy !== "object";
  return isFlat ? { in: "table", kind: { scalar: elementKind(numpy), list: true } } : JSON_TEXTS;
}

function wider(storage: Storage, { shape, dtype_numpy: numpy }: DataKey): Storage {
  if (storage.in === "array")
    return shape.length > 1 ? JSON_TEXTS : { in: "table", kind: { scalar: elementKind(numpy), list: true } };
  const { scalar, list } = storage.kind;
  return scalar === "integer" ? { in: "table", kind: { scalar: "number", list } } : JSON_TEXTS;
}

/** A value as its column takes it; undefined for one that does not fit. */
export function tableCell(value: unknown, kind: ColumnKind): unknown {
  if (!fitsKind(value, kind)) return undefined;
  const cell = cellValue(value, kind);
  return typeof cell === "string" ? portableText(cell) : cell;
}
