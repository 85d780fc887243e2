/** The type of a column in a file of typed columns. */

import type { DataKey } from "../../engine/documents/documents";
import { valueText } from "../files/documentLine";

export type ScalarKind = "number" | "integer" | "boolean" | "string";

/** A column: of single values, of lists of them, or of texts of JSON for everything else. */
export type ColumnKind =
  | { readonly scalar: ScalarKind; readonly list: boolean }
  | { readonly scalar: "json"; readonly list: false };

/** The kind of the column of a data key: the described one if all its values fit it, else another. */
export function columnKind({ dtype, dtype_numpy: numpy }: Partial<DataKey>, values: readonly unknown[]): ColumnKind {
  const present = values.filter((value) => value !== undefined && value !== null);
  const isOfLists = dtype === "array" || present.some(isList);
  if (isOfLists && !present.every(isList)) return { scalar: "json", list: false };
  const scalar = isOfLists
    ? narrowest(elementKind(numpy), present as ArrayLike<unknown>[])
    : narrowest((dtype ?? "string") as ScalarKind, [present]);
  return scalar === undefined ? { scalar: "json", list: false } : { scalar, list: isOfLists };
}

/** The described kind of the elements of an array. */
export function elementKind(numpy: DataKey["dtype_numpy"]): ScalarKind {
  const code = typeof numpy === "string" ? (numpy.replace(/^[<>=|]/, "")[0] ?? "") : "";
  const kinds: Readonly<Record<string, ScalarKind>> = {
    i: "integer",
    u: "integer",
    b: "boolean",
    U: "string",
    S: "string",
  };
  return kinds[code] ?? "number";
}

/** Whether a value is a list, or a typed array. */
export const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** The wanted kind if it fits all values of all lists, else another one that does; undefined if none does. */
function narrowest(wanted: ScalarKind, lists: readonly ArrayLike<unknown>[]): ScalarKind | undefined {
  const all = (fits: (value: unknown) => boolean): boolean => {
    for (const list of lists)
      for (let i = 0; i < list.length; i += 1)
        if (list[i] !== null && list[i] !== undefined && !fits(list[i])) return false;
    return true;
  };
  const kinds: readonly ScalarKind[] =
    wanted === "number" ? ["number", "boolean", "string"] : [wanted, "number", "boolean", "string"];
  return kinds.find((kind) => all(FITS[kind]));
}

/** Integers of 64 bits, and numbers that a double holds exactly. */
const FITS: Readonly<Record<ScalarKind, (value: unknown) => boolean>> = {
  integer: (value) =>
    typeof value === "bigint"
      ? BigInt.asIntN(64, value) === value
      : Number.isInteger(value) && Math.abs(value as number) < 2 ** 63,
  number: (value) => typeof value === "number" || (typeof value === "bigint" && Number.isSafeInteger(Number(value))),
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
};

/** Whether a column of this kind has room for a value. */
export function fitsKind(value: unknown, { scalar, list }: ColumnKind): boolean {
  if (value === undefined || value === null || scalar === "json") return true;
  if (list) return isList(value) && Array.from(value).every((item) => fitsKind(item, { scalar, list: false }));
  return FITS[scalar](value);
}

/** A value as its column holds it: `null` for none, a `bigint` for an integer. */
export function cellValue(value: unknown, { scalar, list }: ColumnKind): unknown {
  if (value === undefined || value === null) return null;
  if (list)
    return Array.from(value as ArrayLike<unknown>, (item) => cellValue(item, { scalar, list: false } as ColumnKind));
  if (scalar === "integer") return BigInt(value as number);
  if (scalar === "number") return Number(value);
  if (scalar === "json") return valueText(value);
  return value;
}

/** The columns that every table has. */
const OWN: ReadonlySet<string> = new Set(["seq_num", "time"]);

/**
 * The names of the columns of a table by their data keys: a key that is called like a column which each table
 * has gets a number behind it.
 */
export function tableNames(keys: Iterable<string>): Map<string, string> {
  const all = new Set(keys);
  const numbered = (key: string, number = 2): string => {
    const name = `${key}_${number}`;
    return all.has(name) ? numbered(key, number + 1) : name;
  };
  return new Map([...all].map((key) => [key, OWN.has(key) ? numbered(key) : key]));
}
