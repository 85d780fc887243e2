/** A table of data, with what users of pandas expect of one. */

import { inspect } from "node:util";
import type { DataValue } from "../../core/protocols/dataValue";
import type { DataKey } from "../../core/protocols/protocols";
import { $display, type Displayable, type MimeBundle } from "../../display/mimeBundle";
import { UsageError } from "../../errors";
import { printable } from "../../printable";
import { quantile, STATISTICS } from "./columnStatistics";
import { GroupedTable, groupKey } from "./groupedTable";
import { filled, valuesAt } from "./interpolation";
import { csvText, tableBundle } from "./tableDisplay";
import { type FixedColumn, FixedColumns, StatisticsColumns, type TableSource, unknownColumn } from "./tableSource";

/** The values of a row where the types of the columns are not known. */
export type RowData = Readonly<Record<string, DataValue>>;

/** A row: its values by column. */
export type TableRow<R extends object = RowData> = Readonly<R>;

/** How missing values are interpolated. */
export interface InterpolateOptions {
  /** The columns to fill. Default: all that are numbers. */
  readonly columns?: readonly string[];
  /**
   * The column in which distances are measured, for example `time` or a motor. Default: rows at equal
   * distances.
   */
  readonly over?: string;
}

/** A table whose content does not change by its methods: each gives a new table or a value. */
export class DataTable<R extends object = RowData> implements Displayable, Iterable<TableRow<R>> {
  /** Notes on the data for the reader, such as lines of the file that could not be read; shown below. */
  readonly remarks: string[] = [];
  readonly #source: TableSource;

  constructor(source: TableSource) {
    this.#source = source;
  }

  /** Number of rows. */
  get length(): number {
    return this.#source.length;
  }

  /** The names of the columns of data, in their order. */
  get columns(): readonly string[] {
    return this.#source.columns;
  }

  /** Units by column; null for a column without units. */
  get units(): Readonly<Record<string, string | null>> {
    return Object.fromEntries(this.columns.map((name) => [name, this.dataKey(name).units ?? null]));
  }

  /** The description of a column, as in the descriptor of the stream; throws for an unknown one. */
  dataKey(name: string): DataKey {
    return this.#source.dataKey(name) ?? this.#fail(name);
  }

  /** The values of a column in the order of the rows; throws for an unknown column. */
  column<K extends keyof R & string>(name: K): R[K][];
  column<T = DataValue>(name: string): T[];
  column(name: string): unknown[] {
    return [...(this.#source.values(name) ?? this.#fail(name))];
  }

  /** The values of a column as doubles; throws if some are not numbers. */
  numbers(name: string): Float64Array {
    const numbers = this.#source.numbers(name);
    if (numbers === undefined) return this.#fail(name);
    if (numbers) return numbers;
    throw new UsageError(
      `column "${name}" of ${this.#source.title} has values that are not numbers: use column("${name}")`,
    );
  }

  /** Whether all values of a column are numbers. */
  isNumeric(name: string): boolean {
    return Boolean(this.#source.numbers(name));
  }

  /** The row at an index from 0; a negative index counts from the end. Throws if there is no such row. */
  row(index: number): TableRow<R> {
    const at = index < 0 ? this.length + index : index;
    if (!Number.isInteger(at) || at < 0 || at >= this.length)
      throw new UsageError(`no row ${index} in ${this.#source.title}: it has ${this.length}`);
    const row: Record<string, unknown> = {};
    for (const name of this.#allColumns()) row[name] = this.#source.value(name, at);
    return row as TableRow<R>;
  }

  /** All rows as objects. `numbers(name)` is faster for thousands of rows. */
  rows(): TableRow<R>[] {
    return [...this];
  }

  *[Symbol.iterator](): Generator<TableRow<R>, void, undefined> {
    for (let at = 0; at < this.length; at += 1) yield this.row(at);
  }

  /** The first rows, as a table; `head(-2)` leaves out the last two. */
  head(rows = 5): DataTable<R> {
    checkRows("head", rows);
    return this.#pick(this.#indices().slice(0, rows));
  }

  /** The last rows, as a table; `tail(-2)` leaves out the first two. */
  tail(rows = 5): DataTable<R> {
    checkRows("tail", rows);
    return this.#pick(this.#indices().slice(rows === 0 ? this.length : -rows));
  }

  /** The rows for which `keep` gives true: `table.filter((row) => row.det > 100)`. */
  filter(keep: (row: TableRow<R>, index: number) => unknown): DataTable<R> {
    return this.#pick(this.#indices().filter((index) => keep(this.row(index), index)));
  }

  /** The rows in the order of a column, or of what `by` gives for each; missing values come last. */
  sortBy(
    by: string | ((row: TableRow<R>) => DataValue),
    { descending = false }: { readonly descending?: boolean } = {},
  ): DataTable<R> {
    const values = typeof by === "string" ? this.column(by) : this.rows().map(by);
    const isMissing = (value: unknown) => value === undefined || value === null || Number.isNaN(value);
    const order = this.#indices().sort((a, b) => {
      const [one, other] = [values[a] as number, values[b] as number];
      if (isMissing(one) || isMissing(other)) return Number(isMissing(one)) - Number(isMissing(other));
      const sign = one < other ? -1 : one > other ? 1 : 0;
      return descending ? -sign : sign;
    });
    return this.#pick(order);
  }

  /** Some of the columns; throws for an unknown one. */
  select(...names: readonly string[]): DataTable {
    for (const name of names) if (!this.#source.values(name)) this.#fail(name);
    return new DataTable(this.#with(new Map(), names));
  }

  /**
   * The table with further columns, computed from each row:
   * `table.derive({ ratio: (row) => row.det / row.mon })`. An existing column of that name is replaced.
   *
   * @param units of the new columns
   */
  derive<N extends Record<string, unknown>>(
    columns: { readonly [K in keyof N]: (row: TableRow<R>, index: number) => N[K] },
    units: Readonly<Record<string, string>> = {},
  ): DataTable<R & N> {
    const rows = this.rows();
    const computed = new Map<string, FixedColumn>();
    for (const [name, compute] of Object.entries(columns)) {
      if (typeof compute !== "function") {
        throw new UsageError(`derive makes ${name} by a function of the row: { ${name}: (row) => row.det / row.mon }`);
      }
      computed.set(name, { values: rows.map((row, index) => compute(row, index)), units: units[name] });
    }
    return new DataTable<R & N>(this.#with(computed));
  }

  /** The table with its missing numbers (NaN) filled linearly; see `InterpolateOptions`. */
  interpolate({ columns, over }: InterpolateOptions = {}): DataTable<R> {
    const x = over === undefined ? undefined : this.numbers(over);
    const filledColumns = new Map<string, FixedColumn>();
    for (const name of columns ?? this.columns.filter((each) => each !== over && this.#isFillable(each))) {
      if (!this.#isFillable(name)) this.numbers(name);
      const values = this.column<unknown>(name).map((value) => (typeof value === "number" ? value : Number.NaN));
      filledColumns.set(name, { values: Array.from(filled(values, x)), dataKey: this.dataKey(name) });
    }
    return new DataTable<R>(this.#with(filledColumns));
  }

  /**
   * The numbers of a column at other places of another one, linearly between the rows; NaN outside of them:
   * `table.valuesAt([1.5, 2.5], "motor", "det")`.
   */
  valuesAt(places: readonly number[], over: string, name: string): Float64Array {
    return valuesAt(places, this.numbers(over), this.numbers(name));
  }

  /** The rows in groups of equal values of one or several columns: `table.groupBy("T").mean()`. */
  groupBy(...names: readonly [string, ...string[]]): GroupedTable<DataTable<R>> {
    const columns = names.map((name) => this.column<unknown>(name));
    const rows = new Map<string, { readonly key: readonly unknown[]; readonly indices: number[] }>();
    for (const index of this.#indices()) {
      const key = columns.map((column) => column[index]);
      const group = rows.get(groupKey(key)) ?? { key, indices: [] };
      group.indices.push(index);
      rows.set(groupKey(key), group);
    }
    const groups = new Map(Array.from(rows, ([id, { key, indices }]) => [id, { key, table: this.#pick(indices) }]));
    return new GroupedTable(names, groups, (source) => new DataTable<R>(source));
  }

  /**
   * Count, mean, standard deviation, minimum, quartiles and maximum of each column of numbers, a row for
   * each.
   */
  describe(): DataTable<{ readonly statistic: string } & { readonly [column: string]: number | string }> {
    const { count, mean, std, min, max } = STATISTICS;
    const quartile = (part: number) => (numbers: ArrayLike<number>) => quantile(numbers, part);
    const rows = { count, mean, std, min, "25%": quartile(0.25), "50%": quartile(0.5), "75%": quartile(0.75), max };
    const columns = new Map<string, FixedColumn>([["statistic", { values: Object.keys(rows) }]]);
    for (const name of this.columns.filter((each) => this.isNumeric(each))) {
      const numbers = this.numbers(name);
      columns.set(name, { values: Object.values(rows).map((compute) => compute(numbers)) });
    }
    return new DataTable(new StatisticsColumns(`statistics of ${this.#source.title}`, ["statistic"], columns));
  }

  /** The mean of a column of numbers, without NaN. */
  mean(name: string): number {
    return STATISTICS.mean(this.numbers(name));
  }

  /** The standard deviation of a sample, as pandas gives it: divided by one less than the number of rows. */
  std(name: string): number {
    return STATISTICS.std(this.numbers(name));
  }

  /** The lowest number of a column, without NaN. */
  min(name: string): number {
    return STATISTICS.min(this.numbers(name));
  }

  /** The median of a column of numbers, without NaN. */
  median(name: string): number {
    return STATISTICS.median(this.numbers(name));
  }

  /** The highest number of a column, without NaN. */
  max(name: string): number {
    return STATISTICS.max(this.numbers(name));
  }

  /** The sum of a column of numbers, without NaN. */
  sum(name: string): number {
    return STATISTICS.sum(this.numbers(name));
  }

  /**
   * Comma-separated text with a heading line, for a spreadsheet. A text that a spreadsheet would take for a
   * formula (`=...`) gets an apostrophe in front, since strings of a node must not become formulas.
   */
  toCsv(): string {
    return csvText(this.#source);
  }

  [$display](): MimeBundle {
    return tableBundle(this.#source, this.remarks);
  }

  /** One line: of what it is, its length and its columns. */
  toString(): string {
    const { title } = this.#source;
    return printable(`${this.constructor.name} "${title}" of ${this.length} rows: ${this.columns.join(", ")}`);
  }

  /** One line, for `console.log`. */
  [inspect.custom](): string {
    return String(this);
  }

  #allColumns(): readonly string[] {
    return [...this.#source.leading, ...this.columns];
  }

  #indices(): number[] {
    return Array.from({ length: this.length }, (_, row) => row);
  }

  /** A column of numbers of which some may be missing, as null, undefined or NaN. */
  #isFillable(name: string): boolean {
    const values = this.#source.values(name) ?? [];
    return values.every((value) => typeof value === "number" || value === null || value === undefined);
  }

  /** The rows at some indices. */
  #pick(indices: readonly number[]): DataTable<R> {
    const columns = this.#allColumns().map((name): [string, FixedColumn] => {
      const values = this.#source.values(name) ?? [];
      return [name, { values: indices.map((index) => values[index]), dataKey: this.#source.dataKey(name) }];
    });
    return new DataTable<R>(new FixedColumns(this.#source.title, this.#source.leading, new Map(columns)));
  }

  /** The table with other columns added or replaced. @param names of its own columns that are kept */
  #with(others: ReadonlyMap<string, FixedColumn>, names: readonly string[] = this.columns): FixedColumns {
    const { leading, title } = this.#source;
    const kept = [...leading, ...names].map((name): [string, FixedColumn] => [
      name,
      { values: this.#source.values(name) ?? [], dataKey: this.#source.dataKey(name) },
    ]);
    return new FixedColumns(title, leading, new Map([...kept, ...others]));
  }

  #fail(name: string): never {
    throw unknownColumn(this.#source, name);
  }
}

function checkRows(method: string, rows: number): void {
  if (!Number.isInteger(rows)) throw new UsageError(`${method} takes a whole number of rows, not ${String(rows)}`);
}
