/** The newest rows of a table as blocks of a display and as lines of text. */

import { codeChip } from "../../display/codeChip";
import { currentHost } from "../../display/host";
import { type Html, html } from "../../display/html";
import { muted } from "../../display/muted";
import { counted } from "../../display/number";
import { htmlTable, type TableCells, type TableColumn } from "../../display/table";
import { formatTimeTenths } from "../../display/time";
import { branch } from "../../display/tree";
import type { StreamField } from "../view/streamFields";
import type { KeptRow } from "./keptRows";
import { isNumeric, type TableModel } from "./tableModel";
import { textTableOf } from "./tableText";

/** The number of rows in view in a notebook. */
export const ROWS_IN_VIEW = 8;

/** The empty second line of a heading, so that the first lines of all headings stand side by side. */
const NO_UNITS = "\u00a0";

/** What a table shows now, in both forms. */
export interface TableContent {
  readonly html: readonly Html[];
  readonly lines: readonly string[];
}

/**
 * What a table shows.
 * @param final whether the run has ended; the table gets its lower
 * border then, and all its rows if they are few
 * @param planned the number of rows that the plan announced
 */
export function tableContent(model: TableModel, final: boolean, planned?: number): TableContent {
  const text = textTableOf(model.fields);
  const printed = model.rows(final);
  const texts = model.printedCells(printed);
  return {
    html: tableHtml(model, final, planned),
    lines: [
      ...text.heading,
      ...printed.map((row, i) => text.row(row, texts[i] ?? [])),
      ...(final ? [text.border] : []),
    ],
  };
}

/**
 * The newest rows in a table whose height does not change during the run: while there are fewer, it ends in
 * empty rows. When the run has ended, all rows that are kept are folded in below it.
 */
function tableHtml(model: TableModel, final: boolean, planned: number | undefined): Html[] {
  // No further rows will come when the run has ended, so none are kept free for them.
  const height = Math.max(1, Math.min(ROWS_IN_VIEW, (final ? model.count : planned) ?? ROWS_IN_VIEW));
  const shown = model.newest(height);
  const rows = rowsOf(model, shown);
  const blank = html`&nbsp;`;
  while (rows.length < height) rows.push(["", blank, ...model.fields.map(() => "")]);
  const columns = columnsOf(model.fields);
  const first = shown[0]?.seqNum ?? 1;
  const { count } = model;
  const newest = htmlTable(columns, rows);
  const asData = currentHost().readOnly ? undefined : codeChip("RE.table()");
  if (first === 1) {
    const rows = counted(count, "row");
    return [newest, asData === undefined ? muted(rows) : muted(`${rows} · as data: `, asData)];
  }
  const caption = html`rows ${first} to ${count} of ${count}`;
  if (!final) return [newest, muted(caption)];
  const all = model.newest();
  const which = all.length < count ? `the last ${all.length}` : "all";
  const summary = html`${caption} · ${which}${asData && html`, or as data: ${asData}`}`;
  const body = html`<div class="rows" style="max-height:320px;overflow:auto">${htmlTable(columns, rowsOf(model, all))}</div>`;
  return [newest, branch({ summary, body })];
}

function rowsOf(model: TableModel, kept: readonly KeptRow[]): TableCells[] {
  const cells = model.cells(kept);
  return kept.map(({ seqNum, time }, i) => [String(seqNum), formatTimeTenths(time), ...(cells[i] ?? [])]);
}

function columnsOf(fields: readonly StreamField[]): TableColumn[] {
  return [
    // A line for units from the beginning, so that nothing moves when the first field with a unit is known.
    { title: "seq_num", units: NO_UNITS },
    { title: "time", mute: true, units: NO_UNITS },
    ...fields.map(
      (field): TableColumn => ({
        title: field.key,
        units: field.units ?? NO_UNITS,
        align: isNumeric(field) ? "right" : "left",
      }),
    ),
  ];
}
