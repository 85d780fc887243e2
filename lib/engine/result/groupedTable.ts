/** A table in groups of rows. */

import { UsageError } from "../../errors";
import { STATISTICS, type Statistic } from "./columnStatistics";
import { type FixedColumn, FixedColumns, type TableSource } from "./tableSource";

/** A table, as far as its groups need it. */
interface Groupable {
  readonly length: number;
  readonly columns: readonly string[];
  numbers(name: string): Float64Array;
  isNumeric(name: string): boolean;
}

/**
 * How the rows of a group become one value: by the name of a statistic, or a function of the numbers of a
 * column.
 */
export type Aggregation = Statistic | ((numbers: Float64Array) => unknown);

/**
 * The groups of a table, each a table of its own: `for (const [temperature, rows] of table.groupBy("T"))`.
 * `mean()` and the others give a table with a row for each group.
 */
export class GroupedTable<T extends Groupable> implements Iterable<readonly [key: unknown, group: T]> {
  readonly #by: readonly string[];
  readonly #groups: ReadonlyMap<string, { readonly key: readonly unknown[]; readonly table: T }>;
  readonly #make: (source: TableSource) => T;

  /** @param make makes a table of columns */
  constructor(
    by: readonly string[],
    groups: ReadonlyMap<string, { readonly key: readonly unknown[]; readonly table: T }>,
    make: (source: TableSource) => T,
  ) {
    this.#by = by;
    this.#groups = groups;
    this.#make = make;
  }

  /** The number of groups. */
  get size(): number {
    return this.#groups.size;
  }

  /**
   * The values by which the rows are grouped, in the order in which they come first; a list for several
   * columns.
   */
  get keys(): unknown[] {
    return Array.from(this, ([key]) => key);
  }

  *[Symbol.iterator](): Generator<readonly [unknown, T], void, undefined> {
    for (const { key, table } of this.#groups.values()) yield [this.#by.length === 1 ? key[0] : key, table];
  }

  /** The rows of one group; throws if there is none. Several columns have several values. */
  get(...key: readonly unknown[]): T {
    const group = this.#groups.get(groupKey(key));
    if (!group) throw new UsageError(`no group ${key.map(String).join(", ")}: there are ${this.keys.join("; ")}`);
    return group.table;
  }

  /** How many rows each group has. */
  count(): T {
    return this.#each("count");
  }

  /** The mean of each group, by column. */
  mean(): T {
    return this.#each("mean");
  }

  /** The standard deviations of the groups; NaN for a group of one row. */
  std(): T {
    return this.#each("std");
  }

  /** The lowest number of each group, by column. */
  min(): T {
    return this.#each("min");
  }

  /** The median of each group, by column. */
  median(): T {
    return this.#each("median");
  }

  /** The highest number of each group, by column. */
  max(): T {
    return this.#each("max");
  }

  /** The sum of each group, by column. */
  sum(): T {
    return this.#each("sum");
  }

  /** The first row of each group. */
  first(): T {
    return this.#each("first");
  }

  /** The last row of each group. */
  last(): T {
    return this.#each("last");
  }

  /** A row for each group, each column in its own way: `aggregate({ det: "mean", mon: "sum" })`. */
  aggregate(how: Readonly<Record<string, Aggregation>>): T {
    const columns = new Map<string, FixedColumn>();
    for (const [i, name] of this.#by.entries()) {
      columns.set(name, { values: Array.from(this.#groups.values(), ({ key }) => key[i]) });
    }
    for (const [name, aggregation] of Object.entries(how)) {
      const compute = typeof aggregation === "function" ? aggregation : statistic(aggregation);
      if (!compute) {
        const all = Object.keys(STATISTICS).join(", ");
        throw new UsageError(`no statistic "${String(aggregation)}": use ${all}, or a function of the numbers`);
      }
      columns.set(name, { values: Array.from(this.#groups.values(), ({ table }) => compute(table.numbers(name))) });
    }
    return this.#make(new FixedColumns(`groups by ${this.#by.join(", ")}`, this.#by, columns));
  }

  #each(statistic: Statistic): T {
    const tables = Array.from(this.#groups.values(), ({ table }) => table);
    const numeric = (tables[0]?.columns ?? []).filter(
      (name) => !this.#by.includes(name) && tables.every((table) => table.isNumeric(name)),
    );
    return this.aggregate(Object.fromEntries(numeric.map((name) => [name, statistic])));
  }
}

const statistic = (name: Statistic) => (Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined);

/** Equal for equal values of equal types. */
export function groupKey(values: readonly unknown[]): string {
  return JSON.stringify(values.map((value) => [typeof value, String(value)]));
}
