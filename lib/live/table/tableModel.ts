/** The newest rows of a stream. */

import { formatValue } from "../../display/formatValue";
import { formatNumber, type NumberFormat } from "../../display/number";
import { NumberColumn } from "../../display/numberColumn";
import type { Event } from "../../engine/documents/documents";
import { type StreamField, valueIn } from "../view/streamFields";

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
  readonly fields: readonly StreamField[];
  readonly #ring: Event[] = [];
  readonly #columns: readonly (NumberColumn | undefined)[];
  /** The cells of rows that were written as lines of text, which must not change afterwards. */
  readonly #printed = new WeakMap<Event, string[]>();
  #count = 0;

  constructor(fields: readonly StreamField[]) {
    this.fields = fields;
    this.#columns = fields.map((field) => (isNumeric(field) ? new NumberColumn(field) : undefined));
  }

  /** The number of rows that came, without the replaced ones. */
  get count(): number {
    return this.#count;
  }

  /** Takes an event. */
  add(event: Event): void {
    this.#ring[event.seq_num % ROWS_KEPT] = event;
    for (let i = 0; i < this.fields.length; i++)
      this.#columns[i]?.add(valueIn(this.fields[i] as StreamField, event.data));
    if (event.seq_num > this.#count) this.#count = event.seq_num;
  }

  /** The rows to show, oldest first: the newest 20, or all of them if the run has ended with at most 60. */
  rows(final = false): Event[] {
    return this.newest(final && this.#count <= MOST_PRINTED ? MOST_PRINTED : ROWS_SHOWN);
  }

  /** The newest rows, oldest first; by default all that are kept. */
  newest(shown: number = ROWS_KEPT): Event[] {
    const rows: Event[] = [];
    for (let seq_num = Math.max(1, this.#count - shown + 1); seq_num <= this.#count; seq_num++) {
      const event = this.#ring[seq_num % ROWS_KEPT];
      if (event?.seq_num === seq_num) rows.push(event);
    }
    return rows;
  }

  /**
   * The cells of rows, with the columns in the order of `fields`; all numbers of a column have one format.
   */
  cells(rows: readonly Event[]): string[][] {
    const formats = this.#columns.map((column) => column?.format);
    return rows.map((row) => this.fields.map((field, i) => cell(row, field, formats[i])));
  }

  /** The same cells for lines of text: once written, the cells of a row stay as they are. */
  printedCells(rows: readonly Event[]): string[][] {
    const formats = this.#columns.map((column) => column?.format);
    return rows.map((row) => {
      const cells = this.#printed.get(row) ?? this.fields.map((field, i) => cell(row, field, formats[i]));
      this.#printed.set(row, cells);
      return cells;
    });
  }
}

/**
 * A value of an event as a table shows it; empty if the event does not have the field.
 * @param format the format of the column; default: one for this number alone
 */
export function cell(event: Event, field: StreamField, format?: NumberFormat): string {
  const value = valueIn(field, event.data);
  if (value === undefined) return "";
  if (typeof value === "number") return (format ?? field.format ?? formatNumber)(value);
  return formatValue(value, { ...(field.format ? { format: field.format } : {}), width: 32 });
}

/** Whether a column has numbers, which are aligned to the right. */
export function isNumeric(field: StreamField): boolean {
  return field.dtype === "number" || field.dtype === "integer";
}
