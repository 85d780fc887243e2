/** Prints a table row by row, where outputs cannot be changed. */

import { currentHost } from "../../display/host";
import type { Event, RunStart } from "../../engine/documents/documents";
import { LiveFrames } from "../view/liveFrames";
import type { StreamField } from "../view/streamFields";
import type { KeptRow } from "./keptRows";
import { TableModel } from "./tableModel";
import { closingLine, type TextTable, textTableOf } from "./tableText";

/**
 * The largest number of rows that are printed at once; if more come in
 * that time, only their number is printed.
 */
const ROWS_AT_ONCE = 200;
/** The number of rows between two headings. */
const HEADING_EVERY = 50;

/** Prints rows as lines of text, several at once if they come fast. */
export class TablePrinter {
  readonly #start: RunStart;
  /** The columns as lines of text; undefined before the first heading. */
  #table: TextTable | undefined;
  /** Knows the columns and the digits of each. */
  readonly #model = new TableModel();
  readonly #frames: LiveFrames;
  #waiting: KeptRow[] = [];
  #skipped = 0;
  #printed = 0;
  #finished = false;

  constructor(start: RunStart) {
    this.#start = start;
    this.#frames = new LiveFrames(() => print(this.#lines()));
  }

  /** Prints a heading with columns for these fields, if it has not been printed or some of them are new. */
  include(fields: readonly StreamField[]): void {
    if (!this.#model.include(fields) && this.#table) return;
    const rows = this.#lines();
    this.#table = textTableOf(this.#model.fields);
    print([...rows, ...this.#table.heading]);
  }

  /** Takes an event; it is printed soon. */
  add(event: Event): void {
    this.#model.add(event);
    const row = this.#waiting.length < ROWS_AT_ONCE ? this.#model.row(event.seq_num) : undefined;
    if (row) this.#waiting.push(row);
    else this.#skipped += 1;
    this.#frames.changed();
  }

  /** Prints what is left, and the end of the table. */
  finish(): void {
    this.#finished = true;
    this.#frames.finish();
  }

  /** The lines to print next. */
  #lines(): string[] {
    const lines: string[] = [];
    const table = this.#table;
    if (!table) return lines;
    const cells = this.#model.cells(this.#waiting);
    for (const [i, row] of this.#waiting.entries()) {
      if (this.#printed > 0 && this.#printed % HEADING_EVERY === 0) lines.push(...table.heading);
      lines.push(table.row(row, cells[i] ?? []));
      this.#printed += 1;
    }
    if (this.#skipped > 0) {
      const advice = currentHost().readOnly ? "" : ", all of them: RE.table()";
      lines.push(`  ... ${this.#skipped} more rows${advice}`);
    }
    this.#waiting = [];
    this.#skipped = 0;
    if (this.#finished) lines.push(table.border, closingLine(this.#start));
    return lines;
  }
}

function print(lines: readonly string[]): void {
  if (lines.length > 0) currentHost().display({ "text/plain": lines.join("\n") });
}
