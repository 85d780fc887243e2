/** One table in its two forms: HTML, and aligned columns of text. */
import { type Html, html } from "./html";
import { oneLine } from "./printable";

export interface TableColumn {
  readonly title: string;
  /** Under the title, muted. */
  readonly units?: string | null | undefined;
  /** Numbers stand right (the default), words left. */
  readonly align?: "left" | "right";
  /** Muted, for what is read second: times, descriptions. */
  readonly mute?: boolean;
  /** May break over several lines (HTML only). */
  readonly wrap?: boolean;
}

export type TableRow = readonly (string | Html)[];

/** The titles stand in the first row, the units under them; cells are escaped unless they are `Html`. */
export function htmlTable(columns: readonly TableColumn[], rows: readonly TableRow[]): Html {
  const head = columns.map(
    (column) =>
      html`<th${alignment(column)}>${column.title}${column.units ? html`<br><span class="u">${column.units}</span>` : null}</th>`,
  );
  const body = rows.map(
    (row) => html`<tr>${columns.map((column, i) => html`<td${alignment(column)}${style(column)}>${row[i]}</td>`)}</tr>`,
  );
  return html`<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** The same as aligned columns, `width` characters each at most. Units stand in their own line if any column has one. */
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

/** As an attribute, not only in the stylesheet: GitHub and untrusted notebooks keep it. */
function alignment(column: TableColumn): Html {
  return column.align === "left" ? html` align="left"` : html` align="right"`;
}

function style(column: TableColumn): Html | null {
  const names = [column.mute ? "mute" : "", column.wrap ? "wrap" : ""].filter(Boolean).join(" ");
  return names ? html` class="${names}"` : null;
}
