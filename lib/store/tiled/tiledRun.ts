/** A run that is read from a Tiled server. */

import type { Table } from "apache-arrow";
import type { DataValue } from "../../core/protocols/dataValue";
import type { DataKey, Document, EventDescriptor, RunStart, RunStop } from "../../engine/documents/documents";
import { loadArrow } from "../export/arrowSchema";
import { RunData } from "../runs/runData";
import { columnNames } from "./portable";
import type { TiledClient, TiledNode } from "./tiledClient";

const ARROW_FILE = "application/vnd.apache.arrow.file";

/** A run on a Tiled server. */
export class TiledRun extends RunData {
  readonly #client: TiledClient;
  readonly #stop: RunStop | undefined;

  constructor(client: TiledClient, { id, attributes }: TiledNode) {
    const { start, stop } = attributes.metadata as { start?: RunStart; stop?: RunStop };
    super(start ?? { uid: id, time: Number.NaN });
    this.#client = client;
    this.#stop = stop;
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
    for (const node of await childrenOf(this.#client, this.#client.pathOf(this.uid))) {
      const descriptor = this.#descriptor(node);
      yield { name: "descriptor", doc: descriptor };
      yield* this.#events(node.id, descriptor);
    }
    if (this.#stop) yield { name: "stop", doc: this.#stop };
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
    } as unknown as EventDescriptor;
  }

  async *#events(stream: string, { uid, data_keys }: EventDescriptor): AsyncGenerator<Document, void> {
    const path = this.#client.pathOf(this.uid, stream);
    const nodes = await childrenOf(this.#client, path);
    if (!nodes.some(({ id }) => id === "internal")) return;
    const arrow = await loadArrow("Runs of Tiled");
    const bytes = await this.#client.send("GET", `/table/full/${path}/internal`, undefined, "", ARROW_FILE);
    const table = arrow.tableFromIPC(new Uint8Array(bytes));
    const arrays = new Map<string, readonly unknown[]>();
    for (const node of nodes) {
      if (node.attributes.structure_family !== "array" || data_keys[node.id]?.external !== undefined) continue;
      arrays.set(node.id, await this.#array(`${path}/${encodeURIComponent(node.id)}`, node));
    }
    const present = new Set(table.schema.fields.map(({ name }) => name));
    const names = [...columnNames(Object.keys(data_keys).filter((key) => !arrays.has(key)))];
    const columns = names.filter(([, name]) => present.has(name));
    for (let i = 0; i < table.numRows; i += 1) {
      const data: Record<string, DataValue> = {};
      const timestamps: Record<string, number> = {};
      for (const [key, name] of columns) {
        // A database has no NaN apart from its missing values.
        const missing = data_keys[key]?.dtype === "number" ? Number.NaN : null;
        data[key] = (plain(cellOf(table, name, i)) as DataValue) ?? missing;
        timestamps[key] = Number(cellOf(table, `ts_${name}`, i) ?? Number.NaN);
      }
      for (const [key, values] of arrays) data[key] = values[i] as DataValue;
      const seq_num = Number(cellOf(table, "seq_num", i));
      const time = Number(cellOf(table, "time", i));
      const event = { uid: `${uid}/${seq_num}`, time, descriptor: uid, seq_num, data, timestamps, filled: {} };
      yield { name: "event", doc: event };
    }
  }

  /** The values of a large array, row by row. */
  async #array(path: string, { attributes }: TiledNode): Promise<readonly unknown[]> {
    const { shape = [], data_type: type } = attributes.structure ?? {};
    const [rows = 0, ...inner] = shape;
    const bytes = await this.#client.send("GET", `/array/full/${path}`, undefined, "", "application/octet-stream");
    const all = typedArray(bytes, type?.kind ?? "f", type?.itemsize ?? 8);
    const size = inner.reduce((a, b) => a * b, 1);
    return Array.from({ length: rows }, (_, i) => nested(Array.from(all.subarray(i * size, (i + 1) * size)), inner));
  }
}

/** The entries in a container, page by page. */
export async function childrenOf(client: TiledClient, path: string): Promise<TiledNode[]> {
  const found: TiledNode[] = [];
  while (true) {
    const page = (await client.json("GET", `/search/${path}?page[offset]=${found.length}&page[limit]=100`))
      .data as TiledNode[];
    found.push(...page);
    if (page.length < 100) return found;
  }
}

const cellOf = (table: Table, name: string, i: number): unknown => table.getChild(name)?.get(i);

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, plain);
  return value;
}

function typedArray(
  bytes: ArrayBuffer,
  kind: string,
  size: number,
): Float64Array | Float32Array | Int32Array | Uint16Array | Uint8Array {
  if (kind === "f") return size === 4 ? new Float32Array(bytes) : new Float64Array(bytes);
  if (kind === "i" && size === 4) return new Int32Array(bytes);
  if (kind === "u" && size === 2) return new Uint16Array(bytes);
  if (size === 1) return new Uint8Array(bytes);
  return Float64Array.from(new BigInt64Array(bytes), Number);
}

function nested(flat: unknown[], [first, ...rest]: readonly number[]): unknown {
  if (first === undefined) return flat[0];
  if (rest.length === 0) return flat;
  const size = rest.reduce((a, b) => a * b, 1);
  return Array.from({ length: first }, (_, i) => nested(flat.slice(i * size, (i + 1) * size), rest));
}
