/** The newest rows of a table as blocks of a display and as lines of text. */

import { codeChip } from "../../display/codeChip";
import type { Html } from "../../display/html";
import { muted } from "../../display/muted";
import { htmlTable, type TableColumn } from "../../display/table";
import { formatTimeTenths } from "../../display/time";
import type { StreamField } from "../view/streamFields";
import { isNumeric, type TableModel } from "./tableModel";
import { textTableOf } from "./tableText";

/** What a table shows now, in both forms. */
export interface TableContent {
  readonly html: readonly Html[];
  readonly lines: readonly string[];
}

/**
 * What a table shows.
 * @param final whether the run has ended; the table gets its lower
 * border then, and all its rows if they are few
 */
export function tableContent(model: TableModel, final: boolean): TableContent {
  const rows = model.rows(final);
  const cells = model.cells(rows);
  const printed = model.printedCells(rows);
  const text = textTableOf(model.fields);
  const body = rows.map((row, i) => [String(row.seq_num), formatTimeTenths(row.time), ...(cells[i] ?? [])]);
  return {
    html: [htmlTable(columnsOf(model.fields), body), caption(model.count, rows[0]?.seq_num ?? 1)],
    lines: [...text.heading, ...rows.map((row, i) => text.row(row, printed[i] ?? [])), ...(final ? [text.border] : [])],
  };
}

function columnsOf(fields: readonly StreamField[]): TableColumn[] {
  return [
    { title: "seq_num" },
    { title: "time", mute: true },
    ...fields.map(
      (field): TableColumn => ({
        title: field.key,
        units: field.units,
        align: isNumeric(field) ? "right" : "left",
      }),
    ),
  ];
}

function caption(count: number, first: number): Html {
  if (first > 1) return muted(`rows ${first} to ${count} of ${count} · all of them: `, codeChip("RE.table()"));
  return muted(`${count} row${count === 1 ? "" : "s"} · as data: `, codeChip("RE.table()"));
}
