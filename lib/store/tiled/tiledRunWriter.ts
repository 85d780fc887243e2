/** Writes one run to a Tiled server, by the requests of Python's TiledWriter. */

import type { Schema } from "apache-arrow";
import type { DataKey, Document, Event, EventDescriptor, RunStart } from "../../engine/documents/documents";
import { type Arrow, arrowTable, loadArrow, schemaMessage } from "../export/arrowSchema";
import { columnNames, portable, portableText } from "./portable";
import { type TiledClient, TiledError } from "./tiledClient";

const ARROW_FILE = "application/vnd.apache.arrow.file";
/** Elements of an array that stand in the table, at most; a larger one is an array of its own. */
const LARGEST_IN_TABLE = 16;
/** Rows of a request, at most. */
const MOST_ROWS = 10_000;

interface WrittenStream {
  readonly name: string;
  readonly descriptor: EventDescriptor;
  readonly updates: object[];
  /** Data keys in the table, and those that are arrays of their own. */
  readonly columns: ReadonlyMap<string, string>;
  readonly arrays: readonly string[];
  readonly lengths: Map<string, number>;
  rows: Event[];
  schema: Schema | undefined;
}

/**
 * Writes one run: `add` collects documents, `flush` sends what was collected. After an error the run is never
 * finished on the server, so that it is not taken for complete.
 */
export class TiledRunWriter {
  readonly #client: TiledClient;
  readonly #streams = new Map<string, WrittenStream>();
  readonly #byDescriptor = new Map<string, WrittenStream>();
  #waiting: Document[] = [];
  #start: RunStart | undefined;

  constructor(client: TiledClient) {
    this.#client = client;
  }

  /** The number of documents that wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(document: Document): void {
    this.#waiting.push(document);
  }

  /** Sends all that waits. Resolves to whether the run is complete on the server. */
  async flush(): Promise<boolean> {
    const documents = this.#waiting;
    this.#waiting = [];
    let isComplete = false;
    for (const document of documents) isComplete = (await this.#take(document)) || isComplete;
    if (!isComplete) for (const stream of this.#streams.values()) await this.#append(stream);
    return isComplete;
  }

  async #take({ name, doc }: Document): Promise<boolean> {
    if (name === "start") await this.#begin(doc);
    else if (name === "descriptor") await this.#describe(doc);
    else if (name === "event") await this.#row(doc);
    else if (name === "event_page") {
      for (const [i, seq_num] of doc.seq_num.entries()) {
        const at = <T>(columns: Readonly<Record<string, readonly T[]>>) =>
          Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, values[i] as T]));
        const time = doc.time[i] ?? Number.NaN;
        const { descriptor } = doc;
        const row = {
          uid: "",
          seq_num,
          time,
          descriptor,
          filled: {},
          data: at(doc.data),
          timestamps: at(doc.timestamps),
        };
        await this.#row(row);
      }
    } else if (name === "stop") {
      await this.#end(doc);
      return true;
    }
    return false;
  }

  async #begin(start: RunStart): Promise<void> {
    this.#start = start;
    const specs = [{ name: "BlueskyRun", version: "3.0" }];
    const run = { id: start.uid, structure_family: "container", metadata: { start: portable(start) }, specs };
    const { catalog } = this.#client;
    try {
      await this.#client.create(this.#client.pathOf(), run);
    } catch (error) {
      if (!(error instanceof TiledError && error.status === 404) || catalog === "") throw error;
      await makeCatalog(this.#client);
      await this.#client.create(this.#client.pathOf(), run);
    }
  }

  async #describe(descriptor: EventDescriptor): Promise<void> {
    const known = this.#streams.get(descriptor.name);
    if (known) {
      this.#byDescriptor.set(descriptor.uid, known);
      const { uid, time, configuration } = descriptor;
      known.updates.push(portable({ uid, time, configuration }) as object);
      await this.#patch([known.name], "/_config_updates", known.updates);
      return;
    }
    const { name, run_start: _run, object_keys: _keys, ...metadata } = descriptor;
    const specs = [
      { name: "BlueskyEventStream", version: "3.0" },
      { name: "composite", version: null },
    ];
    const entry = { id: name, structure_family: "container", metadata: portable(metadata), specs };
    await this.#client.create(this.#path(), entry);
    const keys = Object.entries(descriptor.data_keys).filter(([, { external }]) => external === undefined);
    const arrays = keys.filter(([, key]) => isLargeArray(key)).map(([key]) => key);
    const columns = columnNames(keys.map(([key]) => key).filter((key) => !arrays.includes(key)));
    const stream = { name, descriptor, updates: [], columns, arrays, lengths: new Map(), rows: [], schema: undefined };
    this.#streams.set(name, stream);
    this.#byDescriptor.set(descriptor.uid, stream);
  }

  async #row(event: Event): Promise<void> {
    const stream = this.#byDescriptor.get(event.descriptor);
    if (!stream) return;
    stream.rows.push(event);
    if (stream.rows.length >= MOST_ROWS) await this.#append(stream);
  }

  async #append(stream: WrittenStream): Promise<void> {
    const { rows } = stream;
    if (rows.length === 0) return;
    stream.rows = [];
    const arrow = await loadArrow("Writing to Tiled");
    stream.schema ??= await this.#makeTable(arrow, stream);
    const columns = columnsOf(stream, rows);
    const table = arrowTable(arrow, stream.schema, columns);
    const path = this.#path(stream.name, "internal");
    const bytes = arrow.tableToIPC(table, "file");
    await this.#client.send("PATCH", `/table/partition/${path}?partition=0`, bytes, ARROW_FILE);
    for (const key of stream.arrays) await this.#extendArray(stream, key, rows);
  }

  async #makeTable(arrow: Arrow, stream: WrittenStream): Promise<Schema> {
    const { columns, descriptor } = stream;
    const keys = [...columns].map(([key, name]) => [name, descriptor.data_keys[key] as DataKey] as const);
    const schema = new arrow.Schema([
      new arrow.Field("seq_num", new arrow.Int64(), true),
      new arrow.Field("time", new arrow.Float64(), true),
      ...keys.map(([name, key]) => new arrow.Field(name, columnType(arrow, key), true)),
      ...keys.map(([name]) => new arrow.Field(`ts_${name}`, new arrow.Float64(), true)),
    ]);
    const structure = {
      arrow_schema: `data:${ARROW_FILE};base64,${schemaMessage(arrow, schema)}`,
      npartitions: 1,
      columns: schema.names,
      resizable: false,
    };
    const source = { structure_family: "table", structure, mimetype: "application/x-tiled-sql-table" };
    await this.#client.create(this.#path(stream.name), {
      id: "internal",
      structure_family: "table",
      metadata: portable(Object.fromEntries(keys)),
      specs: [],
      data_sources: [{ id: null, parameters: {}, properties: {}, assets: [], management: "writable", ...source }],
    });
    return schema;
  }

  /** Adds the values of a large array, which becomes a zarr array with the rows as its first dimension. */
  async #extendArray(stream: WrittenStream, key: string, rows: readonly Event[]): Promise<void> {
    const dataKey = stream.descriptor.data_keys[key] as DataKey;
    const shape = dataKey.shape.map((size) => size ?? 0);
    const size = shape.reduce((a, b) => a * b, 1);
    const values = new Float64Array(size * rows.length).fill(Number.NaN);
    for (const [i, { data }] of rows.entries()) values.set(flatNumbers(data[key]).slice(0, size), i * size);
    const before = stream.lengths.get(key) ?? 0;
    const path = this.#path(stream.name, key);
    const bytes = new Uint8Array(values.buffer);
    stream.lengths.set(key, before + rows.length);
    if (before > 0) {
      const extent = [rows.length, ...shape].join(",");
      const query = `offset=${before}&shape=${extent}&extend=true`;
      await this.#client.send("PATCH", `/array/full/${path}?${query}`, bytes, "application/octet-stream");
      return;
    }
    const structure = {
      data_type: { endianness: "little", kind: "f", itemsize: 8, dt_units: null },
      chunks: [[rows.length], ...shape.map((n) => [n])],
      shape: [rows.length, ...shape],
      dims: ["time", ...shape.map((_, i) => `dim_${key}_${i + 1}`)],
      resizable: false,
    };
    const source = { structure_family: "array", structure, mimetype: null };
    await this.#client.create(this.#path(stream.name), {
      id: key,
      structure_family: "array",
      metadata: portable(dataKey),
      specs: [],
      data_sources: [{ id: null, parameters: {}, properties: {}, assets: [], management: "writable", ...source }],
    });
    await this.#client.send("PUT", `/array/full/${path}`, bytes, "application/octet-stream");
  }

  async #end(stop: object): Promise<void> {
    for (const stream of this.#streams.values()) await this.#append(stream);
    await this.#patch([], "/stop", portable(stop));
    const tables = [...this.#streams.values()].filter(({ schema }) => schema).map(({ name }) => [name, "internal"]);
    const streams = [...this.#streams.keys()].map((name) => [name]);
    // Tells those who follow the run that it has ended.
    for (const parts of [...tables, ...streams, []])
      await this.#client.json("DELETE", `/stream/close/${this.#path(...parts)}`);
  }

  #patch(parts: readonly string[], path: string, value: unknown): Promise<unknown> {
    const patch = { "content-type": "application/json-patch+json", metadata: [{ op: "add", path, value }] };
    const body = { ...patch, specs: null, access_tags: null };
    return this.#client.json("PATCH", `/metadata/${this.#path(...parts)}?drop_revision=true`, body);
  }

  #path(...parts: readonly string[]): string {
    return this.#client.pathOf(this.#start?.uid ?? "", ...parts);
  }
}

/** Makes the container for runs, unless it exists. */
export async function makeCatalog(client: TiledClient): Promise<void> {
  const specs = [{ name: "CatalogOfBlueskyRuns", version: "3.0" }];
  try {
    await client.create("", { id: client.catalog, structure_family: "container", metadata: {}, specs });
  } catch (error) {
    if (!(error instanceof TiledError) || error.status !== 409) throw error;
  }
}

function isLargeArray({ dtype, shape, dtype_numpy: numpy }: DataKey): boolean {
  if (dtype !== "array" || shape.length === 0 || shape.some((size) => size === null)) return false;
  if (typeof numpy === "string" && /[USO]/.test(numpy)) return false;
  return shape.length > 1 || shape.reduce<number>((a, b) => a * (b ?? 0), 1) > LARGEST_IN_TABLE;
}

function columnType(arrow: Arrow, key: DataKey) {
  const element = elementType(arrow, key);
  return key.dtype === "array" ? new arrow.List(new arrow.Field("item", element, true)) : element;
}

function elementType(arrow: Arrow, { dtype, dtype_numpy: numpy }: DataKey) {
  const code = typeof numpy === "string" ? numpy.replace(/^[<>=|]/, "")[0] : undefined;
  if (dtype === "string" || code === "U" || code === "S") return new arrow.Utf8();
  if (dtype === "boolean" || code === "b") return new arrow.Bool();
  if (dtype === "integer" || code === "i" || code === "u") return new arrow.Int64();
  return new arrow.Float64();
}

function columnsOf({ columns, schema }: WrittenStream, rows: readonly Event[]): unknown[][] {
  const types = new Map(schema?.fields.map(({ name, type }) => [name, String(type)]));
  return [
    rows.map(({ seq_num }) => BigInt(seq_num)),
    rows.map(({ time }) => time),
    ...[...columns].map(([key, name]) => rows.map(({ data }) => cell(data[key], types.get(name) ?? ""))),
    ...[...columns.keys()].map((key) => rows.map(({ timestamps }) => timestamps[key] ?? null)),
  ];
}

/** A value that its column takes; one that it does not take is null. */
function cell(value: unknown, type: string): unknown {
  if (value === undefined || value === null) return null;
  const inner = /^List<(.*)>$/.exec(type)?.[1];
  if (inner !== undefined) {
    const isList = Array.isArray(value) || ArrayBuffer.isView(value);
    return isList ? Array.from(value as ArrayLike<unknown>, (item) => cell(item, inner)) : null;
  }
  if (type === "Utf8") return portableText(typeof value === "string" ? value : JSON.stringify(value));
  if (type === "Bool") return Boolean(value);
  if (/Int64/.test(type))
    return Number.isSafeInteger(value) || typeof value === "bigint" ? BigInt(value as number) : null;
  return typeof value === "number" ? value : Number(value);
}

function flatNumbers(value: unknown): number[] {
  if (Array.isArray(value)) return value.flat(16).map(Number);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>, Number) : [];
}
