/**
 * A table of events in lines of text, as bluesky's LiveTable prints
 * it, with the units on a line of their own.
 */

import { formatTimeTenths } from "../../display/time";
import type { Event, RunStart } from "../../engine/documents/documents";
import { oneLine } from "../../printable";
import type { StreamField } from "../view/streamFields";

const MIN_WIDTH = 12;

/** The parts of a table in text. */
export interface TextTable {
  /** The lines above the rows: border, titles, units, border. */
  readonly heading: readonly string[];
  /** The line below the rows. */
  readonly border: string;
  /** The line of an event. */
  row(event: Event, cells: readonly string[]): string;
}

/** A table with these columns, each wide enough for its title and its unit. */
export function textTableOf(fields: readonly StreamField[]): TextTable {
  const widths = fields.map((field) => Math.max(MIN_WIDTH, field.key.length + 2, (field.units?.length ?? 0) + 2));
  const border = `+${[11, 12, ...widths].map((width) => "-".repeat(width)).join("+")}+`;
  const line = (seqNum: string, time: string, cells: readonly string[]) =>
    `|${pad(seqNum, 11)}|${pad(time, 12)}|${widths.map((width, i) => pad(cells[i] ?? "", width)).join("|")}|`;
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
    row: (event, cells) => line(String(event.seq_num), formatTimeTenths(event.time), cells),
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
