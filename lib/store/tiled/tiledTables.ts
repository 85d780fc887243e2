/** The tables of a stream on a Tiled server: one, or several if the stream is too wide for a database. */

import type { Field, Schema } from "apache-arrow";
import type { Event } from "../../engine/documents/documents";
import type { Arrow } from "../export/arrowSchema";
import type { TiledClient } from "./tiledClient";
import { TiledTable } from "./tiledTable";

/**
 * The width of a table, at most, in columns of numbers: PostgreSQL takes rows of 8,160 bytes, which are 1,000
 * numbers. Python's TiledWriter divides tables of more than 1,024 columns.
 */
const WIDEST = 1000;
/** The place of a long text or list in a row of PostgreSQL, in numbers: 18 bytes say where it is. */
const WIDTH_OF_TEXT = 2.25;

/** The data key of each column of values, by the name of the column. */
export type ColumnMetadata = Readonly<Record<string, unknown>>;

/**
 * The rows of a stream in the table `internal`, or with its columns divided among `internal_0`, `internal_1`
 * and so on. Python's client joins them again.
 */
export class TiledTables {
  readonly #parts: readonly { readonly table: TiledTable; readonly from: number; readonly to: number }[];

  private constructor(parts: readonly { readonly table: TiledTable; readonly from: number; readonly to: number }[]) {
    this.#parts = parts;
  }

  /** Makes the tables of the stream at `path`. */
  static async create(
    client: TiledClient,
    arrow: Arrow,
    schema: Schema,
    { path, metadata }: { readonly path: string; readonly metadata: ColumnMetadata },
  ): Promise<TiledTables> {
    const ends = endsOf(arrow, schema.fields);
    const parts = [];
    for (const [i, to] of ends.entries()) {
      const from = ends[i - 1] ?? 0;
      const own = new arrow.Schema(schema.fields.slice(from, to));
      const described = Object.entries(metadata).filter(([column]) => own.names.includes(column));
      const name = ends.length === 1 ? "internal" : `internal_${i}`;
      const place = { stream: path, name, metadata: Object.fromEntries(described) };
      parts.push({ table: await TiledTable.create(client, arrow, own, place), from, to });
    }
    return new TiledTables(parts);
  }

  /** The paths of the tables on the server. */
  get paths(): string[] {
    return this.#parts.map(({ table }) => table.path);
  }

  /** Adds rows to each table; see `TiledTable.append`. */
  async append(rows: readonly Event[], columns: readonly (readonly unknown[])[]): Promise<void> {
    for (const { table, from, to } of this.#parts) await table.append(rows, columns.slice(from, to));
  }

  /** Compares the rows on the server with those that were sent; see `TiledTable.check`. */
  async check(): Promise<void> {
    for (const { table } of this.#parts) await table.check();
  }
}

/** Whether an entry of a stream with this name is one of its tables, also of a run that Python wrote. */
export const isTableName = (name: string): boolean => /^internal(_\d+)?$/.test(name);

/** The columns at which the tables end. */
function endsOf({ DataType }: Arrow, fields: readonly Field[]): number[] {
  const ends: number[] = [];
  let width = 0;
  for (const [i, { type }] of fields.entries()) {
    const own = DataType.isUtf8(type) || DataType.isList(type) ? WIDTH_OF_TEXT : 1;
    if (width + own > WIDEST) {
      ends.push(i);
      width = 0;
    }
    width += own;
  }
  return [...ends, fields.length];
}
