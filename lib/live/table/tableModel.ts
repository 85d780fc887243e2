/** The newest rows of a stream. */

import { formatValue } from "../../display/formatValue";
import { formatNumber, type NumberFormat } from "../../display/number";
import { NumberColumn } from "../../display/numberColumn";
import type { Event } from "../../engine/documents/documents";
import { type StreamField, valueIn } from "../view/streamFields";
import { type KeptRow, KeptRows } from "./keptRows";

/** The number of rows that are kept. */
export const ROWS_KEPT = 200;
/** The number of rows up to which a run that has ended prints all of them. */
export const MOST_PRINTED = 60;
/** The number of rows that are shown of a longer run, and of any run while it goes on. */
const ROWS_SHOWN = 20;

/**
 * Keeps the newest rows of a stream. An event with the `seq_num` of an earlier one replaces it.
 *
 * Taking an event costs a few comparisons for each column of numbers, so that the digits of a column are
 * known from all its values and not from the rows on show.
 */
export class TableModel {
  readonly #fields: StreamField[] = [];
  readonly #kept = new KeptRows(ROWS_KEPT);
  readonly #columns: (NumberColumn | undefined)[] = [];
  /**
   * The cells of rows that were written as lines of text, which must not change afterwards, by their place.
   */
  readonly #printed: (string[] | undefined)[] = [];
  #count = 0;

  /** @param fields the columns, see `include` */
  constructor(fields: readonly StreamField[] = []) {
    this.include(fields);
  }

  /**
   * Adds columns for those of the fields that have none; the rows so far have no values there.
   * @returns whether there were any
   */
  include(fields: readonly StreamField[]): boolean {
    const before = this.#fields.length;
    for (const field of fields) {
      if (this.#fields.some(({ key }) => key === field.key)) continue;
      this.#fields.push(field);
      this.#columns.push(isNumeric(field) ? new NumberColumn(field) : undefined);
      this.#kept.addColumn();
    }
    return this.#fields.length > before;
  }

  /** The columns, in the order in which they came. */
  get fields(): readonly StreamField[] {
    return this.#fields;
  }

  /** The number of rows that came, without the replaced ones. */
  get count(): number {
    return this.#count;
  }

  /** Takes an event. */
  add({ seq_num, time, data }: Event): void {
    this.#kept.begin(seq_num, time);
    for (let i = 0; i < this.#fields.length; i++) {
      const value = valueIn(this.#fields[i] as StreamField, data);
      this.#kept.setValue(seq_num, i, value);
      this.#columns[i]?.add(value);
    }
    if (this.#printed.length > 0) this.#printed[seq_num % ROWS_KEPT] = undefined;
    if (seq_num > this.#count) this.#count = seq_num;
  }

  /** The row of this number; undefined if it is not kept, or never came. */
  row(seqNum: number): KeptRow | undefined {
    return this.#kept.row(seqNum);
  }

  /** The rows to show, oldest first: the newest 20, or all of them if the run has ended with at most 60. */
  rows(final = false): KeptRow[] {
    return this.newest(final && this.#count <= MOST_PRINTED ? MOST_PRINTED : ROWS_SHOWN);
  }

  /** The newest rows, oldest first; by default all that are kept. */
  newest(shown: number = ROWS_KEPT): KeptRow[] {
    const rows: KeptRow[] = [];
    for (let seqNum = Math.max(1, this.#count - shown + 1); seqNum <= this.#count; seqNum++) {
      const row = this.#kept.row(seqNum);
      if (row) rows.push(row);
    }
    return rows;
  }

  /**
   * The cells of rows, with the columns in the order of `fields`; all numbers of a column have one format.
   */
  cells(rows: readonly KeptRow[]): string[][] {
    const formats = this.#columns.map((column) => column?.format);
    return rows.map((row) => this.#cellsOf(row, formats));
  }

  /** The same cells for lines of text: once written, the cells of a row stay as they are. */
  printedCells(rows: readonly KeptRow[]): string[][] {
    const formats = this.#columns.map((column) => column?.format);
    return rows.map((row) => {
      const at = row.seqNum % ROWS_KEPT;
      const cells = this.#printed[at] ?? this.#cellsOf(row, formats);
      this.#printed[at] = cells;
      return cells;
    });
  }

  #cellsOf({ values }: KeptRow, formats: readonly (NumberFormat | undefined)[]): string[] {
    return this.fields.map((field, i) => cell(values[i], field, formats[i]));
  }
}

/**
 * A value as a table shows it; empty if there is none.
 * @param format the format of the column; default: one for this number alone
 */
export function cell(value: unknown, field: StreamField, format?: NumberFormat): string {
  if (value === undefined) return "";
  if (typeof value === "number") return (format ?? field.format ?? formatNumber)(value);
  return formatValue(value, { ...(field.format ? { format: field.format } : {}), width: 32 });
}

/** Whether a column has numbers, which are aligned to the right. */
export function isNumeric(field: StreamField): boolean {
  return field.dtype === "number" || field.dtype === "integer";
}
