/** Data frames among the values of cells, and arrays of records, as tables. */

import { displayBundle } from "../../lib/display/displayBundle";
import { muted } from "../../lib/display/muted";
import { formatNumber, plural } from "../../lib/display/number";
import { htmlTable, type TableColumn, textTable } from "../../lib/display/table";
import { oneLine } from "../../lib/printable";
import { inspected } from "./inspected";
import type { OwnForms } from "./ownForms";

/** A table of any library. */
interface Frame {
  readonly columns: readonly string[];
  /** The types of the columns, if the library knows them. */
  readonly types?: readonly string[];
  readonly rows: number;
  cell(row: number, column: number): unknown;
}

const MAX_ROWS = 30;
const MAX_COLUMNS = 30;

/** The forms of an arrow Table, a table of arquero, or a frame of danfo. */
export function frameForms(value: object): OwnForms | undefined {
  const frame = arrowTable(value) ?? arqueroTable(value) ?? valuesFrame(value);
  return frame && tableForms(frame);
}

/** The form of an array of records; its text stays that of the array. */
export function recordsForms(value: object): OwnForms | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const looked: unknown[] = value.slice(0, MAX_ROWS);
  if (!looked.every(isRecord)) return undefined;
  const columns = [...new Set(looked.flatMap((record) => Object.keys(record)))];
  // Objects that have little in common are no rows of a table.
  const fitting = looked.every((record) => 2 * Object.keys(record).length >= columns.length);
  if (columns.length === 0 || columns.length > MAX_COLUMNS || !fitting) return undefined;
  const cell = (row: number, column: number): unknown =>
    (value[row] as Record<string, unknown> | undefined)?.[columns[column] ?? ""];
  return { "text/html": tableForms({ columns, rows: value.length, cell })["text/html"] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

interface ArrowLike {
  readonly schema: { readonly fields: readonly { readonly name: unknown; readonly type?: unknown }[] };
  readonly numRows: number;
  getChildAt(column: number): { get(row: number): unknown } | null;
}

function arrowTable(value: object): Frame | undefined {
  const { schema, numRows, getChildAt } = value as Partial<ArrowLike>;
  if (typeof numRows !== "number" || typeof getChildAt !== "function" || !Array.isArray(schema?.fields))
    return undefined;
  const table = value as ArrowLike;
  const children = schema.fields.map((_, column) => table.getChildAt(column));
  return {
    columns: schema.fields.map(({ name }) => String(name)),
    types: schema.fields.map(({ type }) => String(type ?? "")),
    rows: numRows,
    cell: (row, column) => children[column]?.get(row),
  };
}

interface ArqueroLike {
  columnNames(): readonly string[];
  numRows(): number;
  get(name: string, row: number): unknown;
}

function arqueroTable(value: object): Frame | undefined {
  const table = value as Partial<ArqueroLike>;
  const isTable = [table.columnNames, table.numRows, table.get].every((method) => typeof method === "function");
  if (!isTable) return undefined;
  const { columnNames, numRows, get } = table as ArqueroLike;
  const columns = columnNames.call(value);
  return { columns, rows: numRows.call(value), cell: (row, column) => get.call(value, columns[column] ?? "", row) };
}

function valuesFrame(value: object): Frame | undefined {
  const { columns, values, shape } = value as { columns?: unknown; values?: unknown; shape?: unknown };
  if (!Array.isArray(columns) || !Array.isArray(values) || !Array.isArray(shape)) return undefined;
  const rows = values as readonly (readonly unknown[])[];
  return { columns: columns.map(String), rows: rows.length, cell: (row, column) => rows[row]?.[column] };
}

function tableForms({ columns, types, rows, cell }: Frame): OwnForms {
  const [shownColumns, shownRows] = [columns.slice(0, MAX_COLUMNS), Math.min(rows, MAX_ROWS)];
  const values = Array.from({ length: shownRows }, (_, row) => shownColumns.map((_, column) => cell(row, column)));
  const heading: TableColumn[] = shownColumns.map((title, column) => ({
    title,
    ...(types && { units: types[column] }),
    align: values.every((row) => isNumeric(row[column])) ? "right" : "left",
    wrap: true,
  }));
  const text = values.map((row) => row.map(cellText));
  const counted = (count: number, what: string): string => `${count.toLocaleString("en-US")} ${plural(count, what)}`;
  const left = [
    rows > shownRows ? `the first ${shownRows} rows are shown` : "",
    columns.length > shownColumns.length ? `the first ${shownColumns.length} columns are shown` : "",
  ].filter(Boolean);
  const size = [`${counted(rows, "row")} × ${counted(columns.length, "column")}`, ...left].join("; ");
  return displayBundle(`${textTable(heading, text)}\n${size}`, htmlTable(heading, text), muted(size));
}

function isNumeric(value: unknown): boolean {
  return value === null || value === undefined || typeof value === "number" || typeof value === "bigint";
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return oneLine(value, 200);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  return oneLine(inspected(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 20 }), 200);
}
