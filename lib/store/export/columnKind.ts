/** The type of a column in a file of typed columns. */

import type { DataKey } from "../../engine/documents/documents";

export type ScalarKind = "number" | "integer" | "boolean" | "string";

/** A column: of single values, of lists of them, or of texts of JSON for everything else. */
export type ColumnKind =
  | { readonly scalar: ScalarKind; readonly list: boolean }
  | { readonly scalar: "json"; readonly list: false };

/** The column of a data key: what it is described as, if its values are that. */
export function columnKind({ dtype, dtype_numpy: numpy }: Partial<DataKey>, values: readonly unknown[]): ColumnKind {
  const present = values.filter((value) => value !== undefined && value !== null);
  if (dtype === "array" || present.some(isList)) {
    if (!present.every(isList)) return { scalar: "json", list: false };
    const code = typeof numpy === "string" ? numpy.replace(/^[<>=|]/, "")[0] : undefined;
    const items = present.slice(0, 10_000).flatMap((value) => Array.from(value as ArrayLike<unknown>));
    const wanted = { i: "integer", u: "integer", b: "boolean", U: "string", S: "string" }[code ?? ""] ?? "number";
    const scalar = narrowest(wanted as ScalarKind, items);
    return scalar === undefined ? { scalar: "json", list: false } : { scalar, list: true };
  }
  const wanted = dtype === undefined ? "string" : (dtype as ScalarKind);
  const scalar = narrowest(wanted, present);
  return scalar === undefined ? { scalar: "json", list: false } : { scalar, list: false };
}

const isList = (value: unknown): boolean => Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/** The wanted kind if it fits all values, else a wider one; undefined for values that are not of one kind. */
function narrowest(wanted: ScalarKind, values: readonly unknown[]): ScalarKind | undefined {
  const all = (fits: (value: unknown) => boolean): boolean => values.every((value) => value === null || fits(value));
  const isInteger = (value: unknown): boolean => Number.isSafeInteger(value) || typeof value === "bigint";
  if (wanted === "integer" && all(isInteger)) return "integer";
  if (wanted === "integer" || wanted === "number")
    if (all((value) => typeof value === "number" || typeof value === "bigint")) return "number";
  if (all((value) => typeof value === "boolean")) return values.length > 0 || wanted === "boolean" ? "boolean" : wanted;
  if (all((value) => typeof value === "string")) return "string";
  return all((value) => typeof value === "number") ? "number" : undefined;
}

/** A value as its column holds it: `null` for none, a `bigint` for an integer. */
export function cellValue(value: unknown, { scalar, list }: ColumnKind): unknown {
  if (value === undefined || value === null) return null;
  if (list)
    return Array.from(value as ArrayLike<unknown>, (item) => cellValue(item, { scalar, list: false } as ColumnKind));
  if (scalar === "integer") return BigInt(value as number);
  if (scalar === "number") return Number(value);
  if (scalar === "json") return jsonText(value);
  return value;
}

/** JSON without typed arrays, which it would write as objects, and without bigints. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    ArrayBuffer.isView(item) ? Array.from(item as Uint8Array) : typeof item === "bigint" ? String(item) : item,
  );
}
