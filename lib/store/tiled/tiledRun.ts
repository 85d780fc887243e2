/** A run that is read from a Tiled server. */

import type { Table } from "apache-arrow";
import type { DataValue } from "../../core/protocols/dataValue";
import type { DataKey, Document, EventDescriptor, RunStart, RunStop } from "../../engine/documents/documents";
import type { ImageFrame } from "../../engine/result/runExports";
import { exactNumber } from "../../exactNumber";
import { parseJson } from "../../json";
import { loadArrow } from "../export/arrowSchema";
import { elementKind } from "../export/columnKind";
import { RunData } from "../runs/runData";
import { columnNames } from "./portable";
import { arrayRows } from "./tiledArray";
import type { TiledClient, TiledNode } from "./tiledClient";
import { tiledImages } from "./tiledImages";
import { ARROW_FILE } from "./tiledTable";
import { isTableName } from "./tiledTables";

/** A run on a Tiled server. */
export class TiledRun extends RunData {
  readonly #client: TiledClient;
  readonly #stop: RunStop | undefined;
  readonly #notes: readonly string[];

  constructor(client: TiledClient, { id, attributes }: TiledNode) {
    const { start, stop } = attributes.metadata as { start?: RunStart; stop?: RunStop };
    super(start ?? { uid: id, time: Number.NaN });
    this.#client = client;
    this.#stop = stop;
    const { notes } = attributes.metadata;
    this.#notes = Array.isArray(notes) ? notes.map(String) : [];
  }

  /** The stop document; `undefined` if the run had not ended when it was found. */
  override get stop(): RunStop | undefined {
    return this.#stop;
  }

  /**
   * The documents, made of what the server has: the uids of descriptors and events are new, values in files
   * of detectors are left out.
   */
  override async *documents(): AsyncGenerator<Document, void, undefined> {
    yield { name: "start", doc: this.start };
    for (const node of await this.#client.children(this.#client.pathOf(this.uid))) {
      const descriptor = this.#descriptor(node);
      yield { name: "descriptor", doc: descriptor };
      yield* this.#events(node.id, descriptor);
    }
    if (this.#stop) yield { name: "stop", doc: this.#stop };
  }

  protected override get opener(): string {
    return `(await ${this.#client.opener}.get(${JSON.stringify(this.uid)}))`;
  }

  /**
   * What the writer of the run has said about it, for example that files of a detector are not on the server.
   */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /**
   * The images of a data key one by one, as the server reads them: this computer needs no access to the
   * files.
   */
  override images(key?: string): AsyncGenerator<ImageFrame, void, undefined> {
    return tiledImages(this.#client, this.#client.pathOf(this.uid), key);
  }

  protected override get place(): string {
    return this.#client.uri;
  }

  #descriptor({ id, attributes }: TiledNode): EventDescriptor {
    const { _config_updates: _updates, ...metadata } = attributes.metadata;
    const keys = (metadata.data_keys ?? {}) as Record<string, DataKey>;
    const objects: Record<string, string[]> = {};
    for (const [key, { object_name: name = key }] of Object.entries(keys))
      objects[name] = [...(objects[name] ?? []), key];
    // The cast is for members that the metadata lack, such as `uid` of a run of a foreign writer.
    return {
      uid: `${this.uid}/${id}`,
      time: this.start.time,
      hints: {},
      configuration: {},
      object_keys: objects,
      ...metadata,
      data_keys: keys,
      name: id,
      run_start: this.uid,
      // What comes from a server is believed as far as its names go.
    } as unknown as EventDescriptor;
  }

  async *#events(stream: string, { uid, data_keys }: EventDescriptor): AsyncGenerator<Document, void> {
    const path = this.#client.pathOf(this.uid, stream);
    const nodes = await this.#client.children(path);
    const tables = await this.#tables(path, nodes);
    const vectors = new Map(tables.flatMap((table) => table.schema.names.map((name) => [name, table.getChild(name)])));
    const cellOf = (name: string, i: number): unknown => vectors.get(name)?.get(i);
    const arrays = new Map<string, readonly unknown[]>();
    for (const node of nodes) {
      if (node.attributes.structure_family !== "array" || data_keys[node.id]?.external !== undefined) continue;
      arrays.set(node.id, await this.#array(`${path}/${encodeURIComponent(node.id)}`, node));
    }
    const isColumn = (key: string) => !arrays.has(key) && data_keys[key]?.external === undefined;
    const names = [...columnNames(Object.keys(data_keys).filter(isColumn))];
    const columns = names.filter(([, name]) => vectors.has(name));
    const isJson = ([key, name]: readonly [string, string]) =>
      /Utf8$/.test(String(vectors.get(name)?.type)) && data_keys[key]?.dtype !== "string";
    const texts = new Set(columns.filter(isJson).map(([key]) => key));
    // A database has no NaN apart from its missing values.
    const missing = (key: string) => (data_keys[key]?.dtype === "number" ? Number.NaN : null);
    const missingIn = (key: string) => (elementKind(data_keys[key]?.dtype_numpy) === "number" ? Number.NaN : null);
    for (let i = 0; i < (vectors.get("seq_num")?.length ?? 0); i += 1) {
      const data: Record<string, DataValue> = {};
      const timestamps: Record<string, number> = {};
      for (const [key, name] of columns) {
        const value = cellOf(name, i);
        data[key] = (texts.has(key) ? parsed(value) : (plain(value, missingIn(key)) ?? missing(key))) as DataValue;
        timestamps[key] = Number(cellOf(`ts_${name}`, i) ?? Number.NaN);
      }
      for (const [key, values] of arrays) data[key] = values[i] as DataValue;
      const seq_num = Number(cellOf("seq_num", i));
      const time = Number(cellOf("time", i));
      const event = { uid: `${uid}/${seq_num}`, time, descriptor: uid, seq_num, data, timestamps, filled: {} };
      yield { name: "event", doc: event };
    }
  }

  /** The tables of a stream; of a wide stream there are several. */
  async #tables(path: string, nodes: readonly TiledNode[]): Promise<Table[]> {
    const names = nodes.flatMap(({ id, attributes }) =>
      attributes.structure_family === "table" && isTableName(id) ? [id] : [],
    );
    if (names.length === 0) return [];
    const arrow = await loadArrow("Runs of Tiled");
    const tables: Table[] = [];
    for (const name of names) {
      const bytes = await this.#client.send("GET", `/table/full/${path}/${name}`, undefined, "", ARROW_FILE);
      tables.push(arrow.tableFromIPC(new Uint8Array(bytes)));
    }
    return tables;
  }

  /** The values of a large array, row by row. */
  async #array(path: string, { attributes }: TiledNode): Promise<readonly unknown[]> {
    const { shape = [], data_type: type = { kind: "f", itemsize: 8 } } = attributes.structure ?? {};
    const bytes = await this.#client.send("GET", `/array/full/${path}`, undefined, "", "application/octet-stream");
    return arrayRows(bytes, shape, type);
  }
}

/** A value of a column. @param missing what stands in lists for a number that is missing */
function plain(value: unknown, missing: unknown): unknown {
  if (typeof value === "bigint") return exactNumber(value);
  if (typeof value !== "object" || value === null || !(Symbol.iterator in value)) return value;
  return Array.from(value as Iterable<unknown>, (item) => plain(item, missing) ?? missing);
}

/** A value that was written as JSON text, since no other column took it. */
function parsed(text: unknown): unknown {
  try {
    return typeof text === "string" ? parseJson(text) : text;
  } catch {
    // Another program wrote a text where its description says otherwise.
    return text;
  }
}
