/** A table on a Tiled server: made with its first rows, extended, and counted. */

import type { Schema } from "apache-arrow";
import { ClearError } from "../../clearError";
import type { Event } from "../../engine/documents/documents";
import { type Arrow, arrowTable, schemaMessage } from "../export/arrowSchema";
import { portable } from "./portable";
import { repeated } from "./repeated";
import type { TiledClient } from "./tiledClient";

export const ARROW_FILE = "application/vnd.apache.arrow.file";

/** Rows that the server has taken and does not have, or has twice. The run is to be written anew. */
export class LostRowsError extends ClearError {
  override readonly name = "LostRowsError";
}

/** The number of rows, and the sum of their `seq_num`. */
interface RowCount {
  readonly rows: number;
  readonly sum: number;
}

/** The place of a table, and the metadata of its columns. */
export interface TablePlace {
  /** The path of the stream. */
  readonly stream: string;
  /** The name of the table in it. */
  readonly name: string;
  readonly metadata: object;
}

const NUMBERS = "seq_num";

export class TiledTable {
  readonly #client: TiledClient;
  readonly #arrow: Arrow;
  readonly #schema: Schema;
  readonly #path: string;
  #sent: RowCount = { rows: 0, sum: 0 };

  private constructor(client: TiledClient, arrow: Arrow, schema: Schema, path: string) {
    this.#client = client;
    this.#arrow = arrow;
    this.#schema = schema;
    this.#path = path;
  }

  /** Makes the table. */
  static async create(client: TiledClient, arrow: Arrow, schema: Schema, place: TablePlace): Promise<TiledTable> {
    const { stream, name, metadata } = place;
    const structure = {
      arrow_schema: `data:${ARROW_FILE};base64,${schemaMessage(arrow, schema)}`,
      npartitions: 1,
      columns: schema.names,
      resizable: false,
    };
    const source = { structure_family: "table", structure, mimetype: "application/x-tiled-sql-table" };
    await client.create(stream, {
      id: name,
      structure_family: "table",
      metadata: portable(metadata),
      specs: [],
      data_sources: [{ id: null, parameters: {}, properties: {}, assets: [], management: "writable", ...source }],
    });
    return new TiledTable(client, arrow, schema, `${stream}/${name}`);
  }

  /** The path of the table on the server. */
  get path(): string {
    return this.#path;
  }

  /**
   * Adds rows. A server that failed may have stored them all the same: it is asked before they are sent
   * again.
   * @throws LostRowsError if it has other rows than were sent.
   */
  async append(rows: readonly Event[], columns: readonly (readonly unknown[])[]): Promise<void> {
    const bytes = this.#arrow.tableToIPC(arrowTable(this.#arrow, this.#schema, columns), "file");
    const before = this.#sent;
    const after = {
      rows: before.rows + rows.length,
      sum: this.#hasNumbers ? rows.reduce((sum, { seq_num }) => sum + seq_num, before.sum) : 0,
    };
    await repeated(async (attempt) => {
      if (attempt > 1) {
        const stored = await this.#stored();
        if (isSame(stored, after)) return;
        if (!isSame(stored, before)) throw this.#lost(stored, before);
      }
      await this.#client.send("PATCH", `/table/partition/${this.#path}?partition=0`, bytes, ARROW_FILE);
    });
    this.#sent = after;
  }

  /**
   * Compares the rows on the server with those that were sent: requests at the same time can end each other's
   * transactions there, after which rows are missing that it has accepted.
   * @throws LostRowsError if they differ.
   */
  async check(): Promise<void> {
    const stored = await this.#stored();
    if (!isSame(stored, this.#sent)) throw this.#lost(stored, this.#sent);
  }

  /** Whether this table has the numbers of the rows: of several tables of a stream, only one does. */
  get #hasNumbers(): boolean {
    return this.#schema.names.includes(NUMBERS);
  }

  async #stored(): Promise<RowCount> {
    const column = this.#hasNumbers ? NUMBERS : String(this.#schema.names[0]);
    const path = `/table/full/${this.#path}?column=${encodeURIComponent(column)}`;
    const bytes = await this.#client.send("GET", path, undefined, "", ARROW_FILE);
    const table = this.#arrow.tableFromIPC(new Uint8Array(bytes));
    let sum = 0;
    for (const number of table.getChild(NUMBERS) ?? []) sum += Number(number);
    return { rows: table.numRows, sum };
  }

  #lost(stored: RowCount, sent: RowCount): LostRowsError {
    return new LostRowsError(`it has ${stored.rows} rows of ${this.#path} instead of ${sent.rows}`);
  }
}

const isSame = (a: RowCount, b: RowCount): boolean => a.rows === b.rows && a.sum === b.sum;
