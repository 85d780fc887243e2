/** The data of one stream as a table. */

import type { DataKey } from "../../core/protocols/protocols";
import type { Html } from "../../display/html";
import { DataTable, type RowData } from "./dataTable";
import { GrowingColumns } from "./growingColumns";
import { excerpt } from "./tableDisplay";

/**
 * One event: its number, its time, and its values by data key. `run.table<{ det: number }>()` types the
 * values.
 *
 * The compiler forgets the data keys of `{ ...row, ratio: 2 }` unless they are typed so: use
 * `table.derive({ ratio: (row) => ... })` for further columns.
 */
export type Row<R extends object = RowData> = {
  /** Counts from 1. */
  readonly seq_num: number;
  /** Unix seconds at which the event was made. */
  readonly time: number;
} & Readonly<R>;

/**
 * The events of one stream in the order of their `seq_num`. An event that was measured again after a pause
 * has one row, with its latest values. The table of an open run grows with it; tables made of it do not.
 */
export class RunTable<R extends object = RowData> extends DataTable<Row<R>> {
  /** Name of the stream, e.g. "primary". */
  readonly stream: string;
  readonly #events: GrowingColumns;

  constructor(stream: string) {
    const events = new GrowingColumns(stream);
    super(events);
    this.stream = stream;
    this.#events = events;
  }

  /**
   * For the engine: adds the columns of a descriptor; data that a detector writes elsewhere have no column.
   */
  addColumns(dataKeys: Readonly<Record<string, DataKey>>): void {
    this.#events.add(dataKeys);
  }

  /** For the engine: adds an event; it replaces the one with the same `seq_num`. */
  put(seqNum: number, time: number, data: Readonly<Record<string, unknown>>): void {
    this.#events.put(seqNum, time, data);
  }

  /** The first rows for the display of a run. */
  excerpt(rows: number): { readonly text: string; readonly html: Html } {
    return excerpt(this.#events, rows);
  }
}
