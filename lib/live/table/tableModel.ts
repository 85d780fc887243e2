import { formatValue } from "../../display/formatValue";
import { formatNumber, type NumberFormat, numberFormat } from "../../display/number";
import type { Event } from "../../engine/documents/documents";
import type { Field } from "../consumer/fields";

/** Rows kept, and shown when a run ends with no more than these. */
export const ROWS_KEPT = 60;
/** Rows shown of longer runs, and while it runs. */
const ROWS_SHOWN = 20;

/** A column with what is known of its numbers so far, so that all rows have the same digits. */
interface NumberColumn {
  low: number;
  high: number;
  integers: boolean;
}

/**
 * The newest rows of a stream. An event with the `seq_num` of an earlier one takes its place. Taking an event costs one assignment; everything
 * else is done when rows are looked at.
 */
export class TableModel {
  readonly fields: readonly Field[];
  readonly #ring: Event[] = [];
  readonly #columns: readonly NumberColumn[];
  #count = 0;

  constructor(fields: readonly Field[]) {
    this.fields = fields;
    this.#columns = fields.map(() => ({
      low: Number.POSITIVE_INFINITY,
      high: Number.NEGATIVE_INFINITY,
      integers: true,
    }));
  }

  /** Rows that came, repeated ones once. */
  get count(): number {
    return this.#count;
  }

  add(event: Event): void {
    this.#ring[event.seq_num % ROWS_KEPT] = event;
    if (event.seq_num > this.#count) this.#count = event.seq_num;
  }

  /** The rows to show, oldest first: the newest 20, or all of them at the end if they are few. */
  rows(final = false): Event[] {
    return this.newest(final && this.#count <= ROWS_KEPT ? ROWS_KEPT : ROWS_SHOWN);
  }

  /** The newest rows, oldest first; default all that are kept. */
  newest(shown: number = ROWS_KEPT): Event[] {
    const rows: Event[] = [];
    for (let seq_num = Math.max(1, this.#count - shown + 1); seq_num <= this.#count; seq_num++) {
      const event = this.#ring[seq_num % ROWS_KEPT];
      if (event?.seq_num === seq_num) rows.push(event);
    }
    return rows;
  }

  /** The cells of rows, columns in the order of `fields`, each column in one format. */
  cells(rows: readonly Event[]): string[][] {
    const formats = this.fields.map((field, i) => this.#format(field, i, rows));
    return rows.map((row) => this.fields.map((field, i) => cell(row, field, formats[i])));
  }

  #format(field: Field, i: number, rows: readonly Event[]): NumberFormat | undefined {
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

/** One value of an event as it stands in a table; empty where the event has none. Without a format a number stands for itself. */
export function cell(event: Event, field: Field, format?: NumberFormat): string {
  if (!Object.hasOwn(event.data, field.key)) return "";
  const value = event.data[field.key];
  if (typeof value === "number") return format ? format(value) : numberText(value, field);
  return formatValue(value, { precision: field.precision, width: 32 });
}

function numberText(value: number, { dtype, precision }: Field): string {
  return formatNumber(value, dtype === "integer" ? undefined : precision);
}

/** Whether the values of a column stand right, as numbers do. */
export function isNumeric(field: Field): boolean {
  return field.dtype === "number" || field.dtype === "integer";
}
