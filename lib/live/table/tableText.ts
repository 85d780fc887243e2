/**
 * A table of events in lines of text, as bluesky's LiveTable prints
 * it, with the units on a line of their own.
 */

import { formatTimeTenths } from "../../display/time";
import type { RunStart } from "../../engine/documents/documents";
import { oneLine } from "../../printable";
import type { StreamField } from "../view/streamFields";
import type { KeptRow } from "./keptRows";

const MIN_WIDTH = 12;
/** The widths of the first two columns. */
const SEQ_NUM = 11;
const TIME = 12;

/** The characters of a line of the terminal; without a terminal a line may have any length. */
const terminalWidth = (): number => (process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY);

/** The columns of each line of a row; each line has one at least. */
function foldedColumns(widths: readonly number[], room: number): number[][] {
  const lines: number[][] = [[]];
  let used = SEQ_NUM + TIME + 3;
  widths.forEach((width, i) => {
    const last = lines.at(-1) as number[];
    if (last.length > 0 && used + width + 1 > room) {
      lines.push([i]);
      used = SEQ_NUM + TIME + 3 + width + 1;
    } else {
      last.push(i);
      used += width + 1;
    }
  });
  return lines;
}

/** The parts of a table in text. */
export interface TextTable {
  /** The lines above the rows: border, titles, units, border. */
  readonly heading: readonly string[];
  /** The line below the rows. */
  readonly border: string;
  /** The line of a row. */
  row(row: KeptRow, cells: readonly string[]): string;
}

/**
 * A table with these columns, each wide enough for its title and its unit. Columns for which a line of `room`
 * characters has no place go on in further lines, each of which begins with the number of the row.
 */
export function textTableOf(fields: readonly StreamField[], room = terminalWidth()): TextTable {
  // A name that is longer than a line of a narrow terminal is cut; numbers never are.
  const widest = Math.max(MIN_WIDTH, room - SEQ_NUM - TIME - 4);
  const widths = fields.map((field) =>
    Math.min(widest, Math.max(MIN_WIDTH, field.key.length + 2, (field.units?.length ?? 0) + 2)),
  );
  const folded = foldedColumns(widths, room);
  const borders = folded.map((columns) => [SEQ_NUM, TIME, ...columns.map((i) => widths[i] as number)]);
  const longest = Math.max(...borders.map((line) => line.reduce((sum, width) => sum + width + 1, 1)));
  const [only = [], ...more] = borders;
  const border =
    more.length > 0 ? `+${"-".repeat(longest - 2)}+` : `+${only.map((width) => "-".repeat(width)).join("+")}+`;
  const line = (seqNum: string, time: string, cells: readonly string[]) =>
    folded
      .map((columns, k) => {
        const shown = columns.map((i) => pad(cells[i] ?? "", widths[i] as number));
        return `|${[pad(seqNum, SEQ_NUM), pad(k === 0 ? time : "", TIME), ...shown].join("|")}|`;
      })
      .join("\n");
  const heading = [
    border,
    line(
      "seq_num",
      "time",
      fields.map((field) => field.key),
    ),
  ];
  if (fields.some((field) => field.units)) {
    const units = fields.map((field) => field.units ?? "");
    heading.push(line("", "", units));
  }
  heading.push(border);
  return {
    heading,
    border,
    row: ({ seqNum, time }, cells) => line(String(seqNum), formatTimeTenths(time), cells),
  };
}

/** The line after a table, e.g. `generator scan ['3f9a2c41'] (scan num: 12)`. */
export function closingLine(start: RunStart): string {
  const plan = [start.plan_type, start.plan_name].filter((word) => typeof word === "string").join(" ");
  return oneLine(`${plan || "run"} ['${start.uid.slice(0, 8)}'] (scan num: ${start.scan_id ?? "-"})`, 200);
}

/** A cell aligned to the right, cut off if it is too long and not a number. */
function pad(text: string, width: number): string {
  const line = oneLine(text, 200);
  const cut = line.length > width - 1 && !/^[-\d.e∞]+$/.test(line) ? `${line.slice(0, width - 2)}…` : line;
  return `${cut.padStart(width - 1)} `;
}
