/** The data of one stream as a table. */

import { inspect } from "node:util";
import type { DataKey } from "../../core/protocols/protocols";
import { $display, type Displayable, type MimeBundle } from "../../display/bundle";
import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { type Html, html } from "../../display/html";
import { muted } from "../../display/muted";
import { formatNumber, type NumberFormat } from "../../display/number";
import { columnFormat, formatOfKey } from "../../display/numberColumn";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { formatTimeTenths } from "../../display/time";
import { UsageError } from "../../errors";
import { DataColumn } from "./dataColumn";
import { RowNumbers } from "./rowNumbers";

/** One event: its number, its time, and its values by data key. */
export interface Row {
  /** Counts from 1. */
  readonly seq_num: number;
  /** Unix seconds at which the event was made. */
  readonly time: number;
  readonly [dataKey: string]: unknown;
}

/** Number of rows shown of a longer table: its first and its last ones. */
const SHOWN_ROWS = 20;
/** Most rows of a table of which all rows are shown. */
const MOST_ROWS = 60;

/**
 * The events of one stream in the order of their `seq_num`. An event that was measured again after a pause
 * has one row, with its latest values. The table of an open run grows with it.
 */
export class RunTable implements Displayable, Iterable<Row> {
  /** Name of the stream, e.g. "primary". */
  readonly stream: string;
  /** What a reader should know of the data, such as lines of the file that could not be read; shown below. */
  readonly remarks: string[] = [];
  readonly #numbers = new RowNumbers();
  readonly #keys = new Map<string, DataKey>();
  readonly #columns = new Map<string, DataColumn>();
  readonly #time = new DataColumn();

  constructor(stream: string) {
    this.stream = stream;
  }

  /** Number of rows. */
  get length(): number {
    return this.#numbers.length;
  }

  /** The data keys, in the order of the descriptor. */
  get columns(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /** Units by data key; null for a key without units. */
  get units(): Readonly<Record<string, string | null>> {
    return Object.fromEntries([...this.#keys].map(([name, key]) => [name, key.units ?? null]));
  }

  /** What the descriptor of the stream says about a column; throws for an unknown one. */
  dataKey(name: string): DataKey {
    const key = this.#keys.get(name);
    if (!key) throw this.#unknown(name);
    return key;
  }

  /**
   * The values of a data key, or of `seq_num` or `time`, in the order of the rows; throws for an unknown
   * column.
   */
  column<T = unknown>(name: string): T[] {
    if (name === "seq_num") return Array.from({ length: this.length }, (_, row) => this.#numbers.numberAt(row)) as T[];
    const values = this.#column(name).toArray() as T[];
    return this.#numbers.counting ? values : values.map((_, row) => values[this.#numbers.placeAt(row)] as T);
  }

  /** The values of a column as doubles; throws if some are not numbers. */
  numbers(name: string): Float64Array {
    if (name === "seq_num") return Float64Array.from(this.column<number>(name));
    const column = this.#column(name);
    if (!column.numeric)
      throw new UsageError(`column "${name}" of ${this.stream} has values that are not numbers: use column("${name}")`);
    const values = column.toFloat64Array();
    return this.#numbers.counting ? values : values.map((_, row) => values[this.#numbers.placeAt(row)] ?? Number.NaN);
  }

  /** The row at an index from 0; a negative index counts from the end. Throws if there is no such row. */
  row(index: number): Row {
    const at = index < 0 ? this.length + index : index;
    if (!Number.isInteger(at) || at < 0 || at >= this.length)
      throw new UsageError(`no row ${index} in ${this.stream}: it has ${this.length}`);
    const place = this.#numbers.placeAt(at);
    const row: Record<string, unknown> = { seq_num: this.#numbers.numberAt(at), time: this.#time.get(place) };
    for (const [name, column] of this.#columns) row[name] = column.get(place);
    return row as Row;
  }

  /** All rows as objects. `numbers(name)` is faster for thousands of rows. */
  rows(): Row[] {
    return [...this];
  }

  *[Symbol.iterator](): Generator<Row, void, undefined> {
    for (let at = 0; at < this.length; at += 1) yield this.row(at);
  }

  /**
   * Comma-separated text with a heading line, for a spreadsheet. A text that a spreadsheet would take for a
   * formula (`=...`) gets an apostrophe in front, since strings of a node must not become formulas.
   */
  toCsv(): string {
    const names = ["seq_num", "time", ...this.columns];
    const lines = [names.map(csv).join(",")];
    for (const row of this) lines.push(names.map((name) => csv(row[name])).join(","));
    return `${lines.join("\n")}\n`;
  }

  /**
   * For the engine: adds the columns of a descriptor; data that a detector writes elsewhere have no column.
   */
  describe(dataKeys: Readonly<Record<string, DataKey>>): void {
    for (const name of Object.keys(dataKeys)) {
      if (dataKeys[name]?.external === "STREAM:") continue;
      this.#keys.set(name, dataKeys[name] as DataKey);
      if (!this.#columns.has(name)) this.#columns.set(name, new DataColumn());
    }
  }

  /** For the engine: adds an event; it replaces the one with the same `seq_num`. */
  put(seqNum: number, time: number, data: Readonly<Record<string, unknown>>): void {
    const place = this.#numbers.placeFor(seqNum);
    this.#time.set(place, time);
    for (const [name, column] of this.#columns) column.set(place, data[name]);
  }

  /** The first rows as a table, for the display of a run. */
  head(rows: number): { readonly text: string; readonly html: Html } {
    const formats = this.#formats();
    const cells = Array.from({ length: Math.min(rows, this.length) }, (_, i) => this.#cells(i, formats));
    const caption = `${Math.min(rows, this.length)} of ${this.length} rows of ${this.stream}`;
    const columns = this.#headings();
    return {
      text: `${textTable(columns, cells)}\n${caption}`,
      html: html`${htmlTable(columns, cells)}${muted(caption)}`,
    };
  }

  [$display](): MimeBundle {
    const columns = this.#headings();
    const formats = this.#formats();
    const half = SHOWN_ROWS / 2;
    const all = this.length <= MOST_ROWS;
    const rows = Array.from({ length: all ? this.length : SHOWN_ROWS }, (_, i) =>
      this.#cells(all || i < half ? i : this.length - SHOWN_ROWS + i, formats),
    );
    if (!all)
      rows.splice(
        half,
        0,
        columns.map(() => "…"),
      );
    const count = `${this.length} row${this.length === 1 ? "" : "s"} of ${this.stream}`;
    const shown = all ? count : `${count}, the first and last ${half} shown`;
    const caption = [shown, ...this.remarks].join(" · ");
    return displayBundle(`${textTable(columns, rows)}\n${caption}`, htmlTable(columns, rows), muted(caption));
  }

  /** One line, for `console.log`. */
  [inspect.custom](): string {
    return `RunTable "${this.stream}" of ${this.length} rows: ${this.columns.join(", ")}`;
  }

  #headings(): TableColumn[] {
    return [
      { title: "seq_num", mute: true },
      { title: "time", mute: true },
      ...this.columns.map((name) => ({ title: name, units: this.#keys.get(name)?.units })),
    ];
  }

  /** The number formats of the columns. All rows count for the digits of a column, as in the live table. */
  #formats(): readonly (NumberFormat | undefined)[] {
    return this.columns.map((name) =>
      this.#columns.get(name)?.numeric ? columnFormat(this.numbers(name), this.#keys.get(name)) : undefined,
    );
  }

  #cells(at: number, formats: readonly (NumberFormat | undefined)[]): string[] {
    const row = this.row(at);
    const values = this.columns.map((name, i) => {
      const format = formats[i] ?? formatOfKey(this.#keys.get(name) ?? {}) ?? formatNumber;
      return formatValue(row[name], { format });
    });
    return [String(row.seq_num), formatTimeTenths(row.time), ...values];
  }

  #column(name: string): DataColumn {
    const column = name === "time" ? this.#time : this.#columns.get(name);
    if (!column) throw this.#unknown(name);
    return column;
  }

  #unknown(name: string): UsageError {
    return new UsageError(
      `no column "${name}" in ${this.stream}: it has ${["seq_num", "time", ...this.columns].join(", ")}`,
    );
  }
}

function csv(value: unknown): string {
  const text =
    typeof value === "object" && value !== null ? JSON.stringify(value, plainArrays) : plainText(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A text that begins like a formula and is not a number gets an apostrophe in front. */
function plainText(value: unknown): string {
  const text = String(value);
  return typeof value === "string" && /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Makes arrays of typed arrays, which JSON would write as objects, and texts of bigints. */
const plainArrays = (_key: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : typeof value === "bigint" ? String(value) : value;
