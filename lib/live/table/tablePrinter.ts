import { currentHost } from "../../display/host";
import type { Event, RunStart } from "../../engine/documents/documents";
import type { Field } from "../consumer/fields";
import { Frames } from "../consumer/frames";
import { closingLine, type TextTable, textTableOf } from "./tableText";

/** Rows printed at once; a scan faster than the eye is told by its number of rows. */
const ROWS_AT_ONCE = 200;
/** Rows between two headings. */
const HEADING_EVERY = 50;

/** Prints rows as lines of text where outputs cannot be changed, several rows at once if they come fast. */
export class TablePrinter {
  readonly #start: RunStart;
  readonly #table: TextTable;
  readonly #frames: Frames;
  #waiting: Event[] = [];
  #skipped = 0;
  #printed = 0;
  #finished = false;

  constructor(start: RunStart, fields: readonly Field[]) {
    this.#start = start;
    this.#table = textTableOf(fields);
    print(this.#table.heading);
    this.#frames = new Frames(() => print(this.#lines()));
  }

  add(event: Event): void {
    if (this.#waiting.length < ROWS_AT_ONCE) this.#waiting.push(event);
    else this.#skipped += 1;
    this.#frames.changed();
  }

  finish(): void {
    this.#finished = true;
    this.#frames.finish();
  }

  /** What is to be printed next. */
  #lines(): string[] {
    const lines: string[] = [];
    for (const event of this.#waiting) {
      if (this.#printed > 0 && this.#printed % HEADING_EVERY === 0) lines.push(...this.#table.heading);
      lines.push(this.#table.row(event));
      this.#printed += 1;
    }
    if (this.#skipped > 0) lines.push(`  ... ${this.#skipped} more rows, all of them: run.table()`);
    this.#waiting = [];
    this.#skipped = 0;
    if (this.#finished) lines.push(this.#table.border, closingLine(this.#start));
    return lines;
  }
}

function print(lines: readonly string[]): void {
  if (lines.length > 0) currentHost().display({ "text/plain": lines.join("\n") });
}
