/** How a table looks: as the last expression of a cell, in short, and as comma-separated text. */

import { displayBundle } from "../../display/displayBundle";
import { formatValue } from "../../display/formatValue";
import { type Html, html } from "../../display/html";
import type { MimeBundle } from "../../display/mimeBundle";
import { muted } from "../../display/muted";
import { counted, formatNumber } from "../../display/number";
import { columnFormat, formatOfKey } from "../../display/numberColumn";
import { isStatusText, statusWords } from "../../display/statusWords";
import { htmlTable, type TableColumn, textTable } from "../../display/table";
import { formatTimeTenths } from "../../display/time";
import { quotedCell, withoutFormula } from "./csvCell";
import type { TableSource } from "./tableSource";

/** Number of rows shown of a longer table: its first and its last ones. */
const SHOWN_ROWS = 20;
/** Most rows of a table of which all rows are shown. */
const MOST_ROWS = 60;

/** All rows of a short table, the first and the last ones of a longer one. */
export function tableBundle(table: TableSource, remarks: readonly string[]): MimeBundle {
  const columns = headings(table);
  const texts = cellTexts(table);
  const half = SHOWN_ROWS / 2;
  const all = table.length <= MOST_ROWS;
  const rows = Array.from({ length: all ? table.length : SHOWN_ROWS }, (_, i) =>
    cells(table, all || i < half ? i : table.length - SHOWN_ROWS + i, texts),
  );
  const gap = columns.map(() => "…");
  if (!all) rows.splice(half, 0, gap);
  const count = `${counted(table.length, "row")} of ${table.title}`;
  const shown = all ? count : `${count}, the first and last ${half} shown`;
  const caption = [shown, ...remarks].join(" · ");
  return displayBundle(`${textTable(columns, rows)}\n${caption}`, htmlTable(columns, rows), muted(caption));
}

/** The first rows of a table, for the display of a run. */
export function excerpt(table: TableSource, rows: number): { readonly text: string; readonly html: Html } {
  const texts = cellTexts(table);
  const shown = Math.min(rows, table.length);
  const body = Array.from({ length: shown }, (_, i) => cells(table, i, texts));
  const caption = `${shown} of ${table.length} rows of ${table.title}`;
  const columns = headings(table);
  return {
    text: `${textTable(columns, body)}\n${caption}`,
    html: html`${htmlTable(columns, body)}${muted(caption)}`,
  };
}

/**
 * Comma-separated text with a heading line. A text that a spreadsheet would take for a formula (`=...`) gets
 * an apostrophe in front, since strings of a node must not become formulas.
 */
export function csvText(table: TableSource): string {
  const names = [...table.leading, ...table.columns];
  const lines = [names.map(csv).join(",")];
  for (let row = 0; row < table.length; row += 1)
    lines.push(names.map((name) => csv(table.value(name, row))).join(","));
  return `${lines.join("\n")}\n`;
}

function headings(table: TableSource): TableColumn[] {
  return [
    ...table.leading.map((title) => ({ title, mute: true })),
    ...table.columns.map((title) => ({ title, units: table.dataKey(title)?.units })),
  ];
}

/** How the values of a column are written. */
type CellText = (value: unknown) => string;

/**
 * All rows count for the digits of a column, as in the live table; a status is written in words, as there.
 */
function cellTexts(table: TableSource): readonly CellText[] {
  return table.columns.map((name) => {
    const key = table.dataKey(name);
    const numbers = table.isMixed ? null : table.numbers(name);
    const format = numbers ? columnFormat(numbers, key) : (formatOfKey(key ?? {}) ?? formatNumber);
    const isStatus = isStatusText(key?.SECOP_datainfo);
    return (value) => {
      if (value === undefined) return "";
      return formatValue((isStatus ? statusWords(value) : undefined) ?? value, { format });
    };
  });
}

function cells(table: TableSource, row: number, texts: readonly CellText[]): string[] {
  const leading = table.leading.map((name) => leadingText(name, table.value(name, row)));
  return [...leading, ...table.columns.map((name, i) => (texts[i] ?? formatValue)(table.value(name, row)))];
}

function leadingText(name: string, value: unknown): string {
  if (name === "time" && typeof value === "number") return formatTimeTenths(value);
  return name === "seq_num" ? String(value) : formatValue(value);
}

function csv(value: unknown): string {
  if (typeof value === "string") return quotedCell(withoutFormula(value));
  return quotedCell(
    typeof value === "object" && value !== null ? JSON.stringify(value, plainArrays) : String(value ?? ""),
  );
}

/** Makes arrays of typed arrays, which JSON would write as objects, and texts of bigints. */
const plainArrays = (_key: string, value: unknown): unknown =>
  ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : typeof value === "bigint" ? String(value) : value;
