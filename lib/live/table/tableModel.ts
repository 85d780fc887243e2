/** The newest rows of a stream. */

import { formatValue } from "../../display/formatValue";
import { formatNumber, type NumberFormat, numberFormat } from "../../display/number";
import type { Event } from "../../engine/documents/documents";
import type { StreamField } from "../view/streamFields";

/** The number of rows that are kept. A run that ends with no more rows shows all of them. */
export const ROWS_KEPT = 60;
/** The number of rows that are shown of a longer run, and of any run while it goes on. */
const ROWS_SHOWN = 20;

/**
 * What is known about the numbers of a column so far, so that all rows can have the same number of digits.
 */
interface NumberColumn {
  low: number;
  high: number;
  integers: boolean;
}

/**
 * Keeps the newest rows of a stream. An event with the `seq_num` of an earlier one replaces it.
 *
 * Taking an event costs one assignment; everything else is done when rows are shown.
 */
export class TableModel {
  readonly fields: readonly StreamField[];
  readonly #ring: Event[] = [];
  readonly #columns: readonly NumberColumn[];
  #count = 0;

  constructor(fields: readonly StreamField[]) {
    this.fields = fields;
    this.#columns = fields.map(() => ({
      low: Number.POSITIVE_INFINITY,
      high: Number.NEGATIVE_INFINITY,
      integers: true,
    }));
  }

  /** The number of rows that came, without the replaced ones. */
  get count(): number {
    return this.#count;
  }

  /** Takes an event. */
  add(event: Event): void {
    this.#ring[event.seq_num % ROWS_KEPT] = event;
    if (event.seq_num > this.#count) this.#count = event.seq_num;
  }

  /** The rows to show, oldest first: the newest 20, or all of them if the run has ended with at most 60. */
  rows(final = false): Event[] {
    return this.newest(final && this.#count <= ROWS_KEPT ? ROWS_KEPT : ROWS_SHOWN);
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
    const formats = this.fields.map((field, i) => this.#format(field, i, rows));
    return rows.map((row) => this.fields.map((field, i) => cell(row, field, formats[i])));
  }

  #format(field: StreamField, i: number, rows: readonly Event[]): NumberFormat | undefined {
    const column = this.#columns[i];
    if (!column || (field.dtype !== "number" && field.dtype !== "integer")) return undefined;
    for (const row of rows) {
      const value = row.data[field.key];
      if (typeof value !== "number" || !Number.isFinite(value)) continue;
      column.low = Math.min(column.low, value);
      column.high = Math.max(column.high, value);
      column.integers &&= Number.isSafeInteger(value) && Math.abs(value) < 1e15;
    }
    return numberFormat({ ...column, precision: field.dtype === "integer" ? undefined : field.precision });
  }
}

/**
 * A value of an event as a table shows it; empty if the event does not have the field.
 * @param format the format of the column; default: one for this number alone
 */
export function cell(event: Event, field: StreamField, format?: NumberFormat): string {
  if (!Object.hasOwn(event.data, field.key)) return "";
  const value = event.data[field.key];
  if (typeof value === "number") return format ? format(value) : numberText(value, field);
  return formatValue(value, { precision: field.precision, width: 32 });
}

function numberText(value: number, { dtype, precision }: StreamField): string {
  return formatNumber(value, dtype === "integer" ? undefined : precision);
}

/** Whether a column has numbers, which are aligned to the right. */
export function isNumeric(field: StreamField): boolean {
  return field.dtype === "number" || field.dtype === "integer";
}
