/** The columns behind a table. */

import type { DataKey } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";

/** The columns of a table: their names, descriptions and values. */
export interface TableSource {
  /** The name of the stream, for captions and messages. */
  readonly title: string;
  /** The number of rows. */
  readonly length: number;
  /** The columns that number or name the rows and are no data: `seq_num` and `time` of a run. */
  readonly leading: readonly string[];
  /** The columns of data, in their order. */
  readonly columns: readonly string[];
  /**
   * Whether the rows are different quantities, such as count and mean, so that each number is written by
   * itself.
   */
  readonly isMixed?: boolean;
  /** The description of a column of data; undefined for an unknown one. */
  dataKey(name: string): DataKey | undefined;
  /** All values of a column, in the order of the rows; undefined for an unknown one. */
  values(name: string): readonly unknown[] | undefined;
  /**
   * All values as doubles, NaN for missing ones; null if some are not numbers, undefined for an unknown
   * column.
   */
  numbers(name: string): Float64Array | null | undefined;
  /** One value; undefined if there is none. */
  value(name: string, row: number): unknown;
}

/** A column that does not change: its values, and what is known about it. */
export interface FixedColumn {
  readonly values: readonly unknown[];
  /** Default: that of a computed column. */
  readonly dataKey?: DataKey | undefined;
  /** Of a computed column. */
  readonly units?: string | undefined;
}

/** Columns that do not change, for tables that are made of others. */
export class FixedColumns implements TableSource {
  readonly title: string;
  readonly length: number;
  readonly leading: readonly string[];
  readonly columns: readonly string[];
  readonly #columns: ReadonlyMap<string, FixedColumn>;

  /** @param leading the names of the columns that are no data */
  constructor(title: string, leading: readonly string[], columns: ReadonlyMap<string, FixedColumn>) {
    const [first] = columns.values();
    this.title = title;
    this.length = first?.values.length ?? 0;
    this.leading = leading;
    this.columns = [...columns.keys()].filter((name) => !leading.includes(name));
    this.#columns = columns;
  }

  dataKey(name: string): DataKey | undefined {
    const column = this.#columns.get(name);
    return column && (column.dataKey ?? computedKey(column));
  }

  values(name: string): readonly unknown[] | undefined {
    return this.#columns.get(name)?.values;
  }

  numbers(name: string): Float64Array | null | undefined {
    const values = this.values(name);
    if (values === undefined) return undefined;
    const known = values.filter((value) => value !== undefined && value !== null);
    if (!known.every((value) => typeof value === "number")) return null;
    return Float64Array.from(values, (value) => (typeof value === "number" ? value : Number.NaN));
  }

  value(name: string, row: number): unknown {
    return this.#columns.get(name)?.values[row];
  }
}

/** Statistics of columns, a row for each. */
export class StatisticsColumns extends FixedColumns {
  readonly isMixed = true;
}

/** The data key of a column that was computed. */
function computedKey({ values, units }: FixedColumn): DataKey {
  const [first] = values;
  const isArray = Array.isArray(first) || ArrayBuffer.isView(first);
  const dtype = typeof first === "string" ? "string" : typeof first === "boolean" ? "boolean" : "number";
  return { source: "computed", dtype: isArray ? "array" : dtype, shape: [], ...(units ? { units } : {}) };
}

/** The error for a column that does not exist. */
export function unknownColumn(source: TableSource, name: string): UsageError {
  return new UsageError(
    `no column "${name}" in ${source.title}: it has ${[...source.leading, ...source.columns].join(", ")}`,
  );
}
