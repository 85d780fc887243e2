/** Tables, in HTML and as aligned columns of text. */

import { oneLine } from "../printable";
import { breakable } from "./breakable";
import { type Html, html } from "./html";

export interface TableColumn {
  readonly title: string;
  /** The unit, muted under the title. */
  readonly units?: string | null | undefined;
  /** "right" (the default) for numbers, "left" for words. */
  readonly align?: "left" | "right";
  /** Whether the column is muted, for times, descriptions and the like. */
  readonly mute?: boolean;
  /** Whether cells may have several lines (in HTML only). */
  readonly wrap?: boolean;
  /** Whether cells are names, which may be broken between their words (in HTML only). */
  readonly names?: boolean;
}

export type TableCells = readonly (string | Html)[];

/** A table in HTML. Cells are escaped unless they are `Html`. */
export function htmlTable(columns: readonly TableColumn[], rows: readonly TableCells[]): Html {
  const head = columns.map(
    (column) =>
      html`<th${alignment(column)}>${breakable(column.title)}${column.units ? html`<br><span class="u">${column.units}</span>` : null}</th>`,
  );
  const body = rows.map(
    (row) =>
      html`<tr>${columns.map((column, i) => html`<td${alignment(column)}${style(column)}>${cellOf(column, row[i])}</td>`)}</tr>`,
  );
  return html`<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/**
 * A table as text, with columns of at most `width` characters. Units have a line of their own if any column
 * has one.
 */
export function textTable(columns: readonly TableColumn[], rows: readonly (readonly string[])[], width = 48): string {
  const lines = [columns.map((column) => oneLine(column.title, width))];
  if (columns.some((column) => column.units)) lines.push(columns.map((column) => oneLine(column.units ?? "", width)));
  const heading = lines.length;
  for (const row of rows) lines.push(columns.map((_, i) => oneLine(row[i] ?? "", width)));
  const widths = columns.map((_, i) => lines.reduce((most, line) => Math.max(most, line[i]?.length ?? 0), 0));
  const aligned = lines.map((line) =>
    line
      .map((cell, i) => pad(cell, widths[i] ?? 0, columns[i]))
      .join("  ")
      .trimEnd(),
  );
  aligned.splice(heading, 0, widths.map((w) => "-".repeat(w)).join("  "));
  return aligned.join("\n");
}

function pad(cell: string, width: number, column: TableColumn | undefined): string {
  return column?.align === "left" ? cell.padEnd(width) : cell.padStart(width);
}

function cellOf({ names }: TableColumn, cell: string | Html | undefined): string | Html | undefined {
  return names && typeof cell === "string" ? breakable(cell) : cell;
}

/**
 * The alignment as an attribute and as a style, since GitHub and untrusted notebooks drop the stylesheet, and
 * JupyterLab aligns all cells to the right.
 */
function alignment(column: TableColumn): Html {
  return column.align === "left" ? html` align="left" style="text-align:left"` : html` align="right"`;
}

function style(column: TableColumn): Html | null {
  const names = [column.mute ? "mute" : "", column.wrap ? "wrap" : "", column.names ? "name" : ""]
    .filter(Boolean)
    .join(" ");
  return names ? html` class="${names}"` : null;
}
