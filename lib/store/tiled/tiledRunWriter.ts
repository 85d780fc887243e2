/** Writes one run to a Tiled server, by the requests of Python's TiledWriter. */

import type {
  Document,
  Event,
  EventDescriptor,
  RunStart,
  RunStop,
  StreamDatum,
} from "../../engine/documents/documents";
import { eventsOfPage } from "../../engine/documents/subscriptions";
import { type Arrow, columnType, loadArrow } from "../export/arrowSchema";
import { columnNames, portable } from "./portable";
import { RegisteredFiles } from "./registeredFiles";
import { repeated } from "./repeated";
import { type Storage, StorageChoices, tableCell, UndescribedValueError } from "./storedColumns";
import { type ArrayType, arrayBytes, pythonName } from "./tiledArray";
import type { TiledClient } from "./tiledClient";
import { TiledError } from "./tiledError";
import { TiledTables } from "./tiledTables";

/** Rows of a request, at most. */
const MOST_ROWS = 10_000;

interface WrittenStream {
  readonly name: string;
  readonly descriptor: EventDescriptor;
  readonly updates: object[];
  /** How each data key is stored; those in files of a detector are left out. */
  readonly storage: ReadonlyMap<string, Storage>;
  /** The names of the columns in the table, by data key. */
  readonly columns: ReadonlyMap<string, string>;
  /** The names of the dimensions of arrays, by their size. */
  readonly dimensions: Map<number, string>;
  /** The rows that each array has. */
  readonly lengths: Map<string, number>;
  rows: Event[];
  tables: TiledTables | undefined;
}

/**
 * Writes one run: `add` collects documents, `flush` sends what was collected. After an error the run is never
 * finished on the server, so that it is not taken for complete. Values that do not fit their description are
 * refused with a UndescribedValueError; the run can be written anew with other `choices`.
 */
export class TiledRunWriter {
  readonly #client: TiledClient;
  readonly #choices: StorageChoices;
  readonly #files: RegisteredFiles;
  readonly #streams = new Map<string, WrittenStream>();
  readonly #byDescriptor = new Map<string, WrittenStream>();
  #waiting: Document[] = [];
  #start: RunStart | undefined;

  constructor(client: TiledClient, choices = new StorageChoices()) {
    this.#client = client;
    this.#choices = choices;
    this.#files = new RegisteredFiles(client);
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
    if (isComplete) return true;
    for (const stream of this.#streams.values()) await this.#append(stream);
    await this.#files.send();
    return false;
  }

  async #take({ name, doc }: Document): Promise<boolean> {
    if (name === "start") await this.#begin(doc);
    else if (name === "descriptor") await this.#describe(doc);
    else if (name === "event") await this.#row(doc);
    else if (name === "event_page") {
      for (const event of eventsOfPage(doc)) await this.#row(event);
    } else if (name === "stream_resource") this.#files.resource(doc);
    else if (name === "stream_datum") this.#file(doc);
    else if (name === "stop") {
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
    const storage = new Map<string, Storage>();
    for (const [key, described] of Object.entries(descriptor.data_keys))
      if (described.external === undefined) storage.set(key, this.#choices.of(name, key, described));
    const columns = columnNames([...storage].filter(([, way]) => way.in === "table").map(([key]) => key));
    const growing = { dimensions: new Map(), lengths: new Map(), updates: [], rows: [], tables: undefined };
    const stream: WrittenStream = { name, descriptor, storage, columns, ...growing };
    this.#streams.set(name, stream);
    this.#byDescriptor.set(descriptor.uid, stream);
  }

  async #row(event: Event): Promise<void> {
    const stream = this.#byDescriptor.get(event.descriptor);
    if (!stream) return;
    stream.rows.push(event);
    if (stream.rows.length >= MOST_ROWS) await this.#append(stream);
  }

  #file(datum: StreamDatum): void {
    const stream = this.#byDescriptor.get(datum.descriptor);
    if (!stream) return;
    const { name, descriptor } = stream;
    this.#files.datum(datum, { name, path: this.#path(name), keys: descriptor.data_keys });
  }

  async #append(stream: WrittenStream): Promise<void> {
    const { rows } = stream;
    if (rows.length === 0) return;
    stream.rows = [];
    const arrow = await loadArrow("Writing to Tiled");
    // All values are looked at before the first is sent.
    const columns = columnsOf(stream, rows);
    const arrays = arraysOf(stream, rows);
    stream.tables ??= await this.#makeTables(arrow, stream);
    await stream.tables.append(rows, columns);
    for (const array of arrays) await this.#extendArray(stream, array, rows.length);
  }

  #makeTables(arrow: Arrow, { name, descriptor, columns, storage }: WrittenStream): Promise<TiledTables> {
    const schema = new arrow.Schema([
      new arrow.Field("seq_num", new arrow.Int64(), true),
      new arrow.Field("time", new arrow.Float64(), true),
      ...[...columns].map(([key, column]) => new arrow.Field(column, typeOf(arrow, storage.get(key)), true)),
      ...[...columns.values()].map((column) => new arrow.Field(`ts_${column}`, new arrow.Float64(), true)),
    ]);
    const metadata = Object.fromEntries([...columns].map(([key, column]) => [column, descriptor.data_keys[key]]));
    return TiledTables.create(this.#client, arrow, schema, { path: this.#path(name), metadata });
  }

  /** Adds the values of a large array, which becomes a zarr array with the rows as its first dimension. */
  async #extendArray(stream: WrittenStream, { key, type, shape, bytes }: FilledArray, count: number): Promise<void> {
    const before = stream.lengths.get(key) ?? 0;
    const path = this.#path(stream.name, key);
    stream.lengths.set(key, before + count);
    if (before > 0) {
      const extent = [count, ...shape].join(",");
      const query = `offset=${before}&shape=${extent}&extend=true`;
      await this.#sendArray("PATCH", `${path}?${query}`, bytes);
      return;
    }
    const structure = {
      data_type: { endianness: type.itemsize > 1 ? "little" : "not_applicable", ...type, dt_units: null },
      chunks: [[count], ...shape.map((n) => [n])],
      shape: [count, ...shape],
      dims: ["time", ...shape.map((size) => dimensionOf(stream, size))],
      resizable: false,
    };
    const source = { structure_family: "array", structure, mimetype: null };
    await this.#client.create(this.#path(stream.name), {
      id: key,
      structure_family: "array",
      metadata: portable({ ...stream.descriptor.data_keys[key], dtype_numpy: pythonName(type) }),
      specs: [],
      data_sources: [{ id: null, parameters: {}, properties: {}, assets: [], management: "writable", ...source }],
    });
    await this.#sendArray("PUT", path, bytes);
  }

  /** Values that have a place in the array can be sent twice. */
  #sendArray(method: "PUT" | "PATCH", path: string, bytes: Uint8Array): Promise<unknown> {
    return repeated(() => this.#client.send(method, `/array/full/${path}`, bytes, "application/octet-stream"));
  }

  async #end(stop: RunStop): Promise<void> {
    for (const stream of this.#streams.values()) await this.#append(stream);
    for (const { tables } of this.#streams.values()) await tables?.check();
    await this.#files.end();
    const streams = [...this.#streams.values()];
    const notes = [...this.#choices.notes(), ...streams.flatMap(renamed), ...this.#files.notes()];
    if (notes.length > 0) await this.#patch([], "/notes", notes);
    await this.#patch([], "/stop", portable(stop));
    const ofTables = streams.flatMap(({ tables }) => tables?.paths ?? []);
    const paths = [...ofTables, ...this.#files.paths(), ...streams.map(({ name }) => this.#path(name)), this.#path()];
    // Tells those who follow the run that it has ended.
    for (const path of paths) await repeated(() => this.#client.json("DELETE", `/stream/close/${path}`));
  }

  #patch(parts: readonly string[], path: string, value: unknown): Promise<unknown> {
    const patch = { "content-type": "application/json-patch+json", metadata: [{ op: "add", path, value }] };
    const body = { ...patch, specs: null, access_tags: null };
    const target = `/metadata/${this.#path(...parts)}?drop_revision=true`;
    return repeated(() => this.#client.json("PATCH", target, body));
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

/** Sentences that say in which columns values are whose names no database takes. */
const renamed = ({ name: stream, columns }: WrittenStream): string[] =>
  [...columns]
    .filter(([key, column]) => key !== column)
    .map(([key, column]) => `Values of '${key}' in stream '${stream}' are in the column '${column}'.`);

/** Equal sizes have one name in all arrays of a stream, as in Python, so that xarray aligns them. */
function dimensionOf({ dimensions }: WrittenStream, size: number): string {
  const name = dimensions.get(size) ?? `dim_int_${dimensions.size + 1}`;
  dimensions.set(size, name);
  return name;
}

const typeOf = (arrow: Arrow, storage: Storage | undefined) =>
  columnType(arrow, storage?.in === "table" ? storage.kind : { scalar: "json", list: false });

/** The columns of the table. @throws UndescribedValueError for a value that its column does not take. */
function columnsOf({ name: stream, columns, storage }: WrittenStream, rows: readonly Event[]): unknown[][] {
  const cells = (key: string) => {
    const way = storage.get(key);
    if (way?.in !== "table") throw new UndescribedValueError(stream, key);
    return rows.map(({ data }) => {
      const cell = tableCell(data[key], way.kind);
      if (cell === undefined) throw new UndescribedValueError(stream, key);
      return cell;
    });
  };
  const keys = [...columns.keys()];
  return [
    rows.map(({ seq_num }) => BigInt(seq_num)),
    rows.map(({ time }) => time),
    ...keys.map(cells),
    ...keys.map((key) => rows.map(({ timestamps }) => timestamps[key] ?? null)),
  ];
}

/** Rows of an array as they are sent. */
interface FilledArray {
  readonly key: string;
  readonly type: ArrayType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** The values of the arrays. @throws UndescribedValueError for a value of another type or shape. */
function arraysOf({ name: stream, storage }: WrittenStream, rows: readonly Event[]): FilledArray[] {
  return [...storage].flatMap(([key, way]) => {
    if (way.in !== "array") return [];
    const { type, shape } = way;
    const values = rows.map(({ data }) => data[key]);
    const bytes = arrayBytes(values, shape, type);
    if (bytes === undefined) throw new UndescribedValueError(stream, key);
    return [{ key, type, shape, bytes }];
  });
}
