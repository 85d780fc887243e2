/** The files of a detector as an array that a Tiled server reads by itself. */

import type { DataKey, StreamDatum, StreamResource } from "../../engine/documents/documents";
import { chunkShape, filesOfRow, rowShape, SEQUENCES } from "../reading/frameLayout";
import { datasetOf } from "../reading/hdf5Images";
import { frameUri, pathOfUri } from "../reading/imageFiles";
import { arrayTypeOf } from "./tiledArray";
import type { TiledClient } from "./tiledClient";
import { TiledError } from "./tiledError";

const HDF5 = "application/x-hdf5";

/** A file as the server takes it. */
interface Asset {
  readonly data_uri: string;
  readonly is_directory: false;
  readonly parameter: "data_uris";
  readonly num: number;
}

/**
 * The values of one data key in files that are joined along a first dimension of the rows, as bluesky's
 * consolidators do it. The server gets the addresses of the files, never the pixels.
 */
export class DetectorFiles {
  readonly #key: string;
  readonly #path: string;
  readonly #first: StreamResource;
  /** The shape of the values of one row. */
  readonly #shape: readonly number[];
  readonly #type: object;
  readonly #assets: Asset[] = [];
  #resource: StreamResource;
  /** The files of former resources: the names of each resource begin at 0 again. */
  #filesBefore = 0;
  #rows = 0;
  #sentRows = 0;
  #id: number | undefined;

  /**
   * @param path that of the stream on the server
   * @throws RangeError with the reason, for files that no program can read with the help of their documents;
   * UsageError if the address of the file is not one
   */
  constructor(resource: StreamResource, path: string, { shape, dtype_numpy: numpy }: DataKey) {
    const isSequence = SEQUENCES.has(resource.mimetype);
    if (!isSequence && (resource.mimetype !== HDF5 || resource.parameters.template !== undefined))
      throw new RangeError(`their format ${resource.mimetype} is not known`);
    if (resource.parameters.join_method === "concat") throw new RangeError("they are not one row after the other");
    const type = arrayTypeOf(numpy);
    if (type === undefined) throw new RangeError("their pixels are not numbers");
    if (!Array.isArray(shape)) throw new RangeError("their size is not described");
    if (shape.includes(null)) throw new RangeError("their size varies");
    this.#shape = rowShape({ shape }, resource) ?? [];
    const isBig = typeof numpy === "string" && numpy.startsWith(">");
    const endianness = type.itemsize === 1 ? "not_applicable" : isBig ? "big" : "little";
    this.#type = { endianness, ...type, dt_units: null };
    this.#key = resource.data_key;
    this.#path = path;
    this.#first = resource;
    this.#resource = resource;
    if (!isSequence) this.#add(resource.uri);
  }

  /** The path of the array on the server. */
  get path(): string {
    return `${this.#path}/${encodeURIComponent(this.#key)}`;
  }

  get isRegistered(): boolean {
    return this.#id !== undefined;
  }

  /** Takes the next file or sequence of files, unless it is the one whose rows came last. */
  resource(resource: StreamResource): void {
    if (resource.uid === this.#resource.uid) return;
    this.#resource = resource;
    this.#filesBefore = this.#assets.length;
    if (!SEQUENCES.has(resource.mimetype)) this.#add(resource.uri);
  }

  /** Takes further rows. @throws UsageError if the address of a file is not one */
  datum({ indices: { start, stop } }: StreamDatum): void {
    this.#rows += Math.max(0, stop - start);
    if (!SEQUENCES.has(this.#first.mimetype)) return;
    const each = filesOfRow(this.#shape, this.#first);
    for (let file = start * each; file < stop * each; file += 1)
      this.#add(frameUri(this.#resource, file - this.#filesBefore));
  }

  /** Makes the array on the server, or extends it. */
  async send(client: TiledClient): Promise<void> {
    if (this.#rows === this.#sentRows) return;
    const [rows, before] = [this.#rows, this.#sentRows];
    const source = this.#source();
    if (this.#id === undefined) {
      this.#id = await client.register(this.#path, this.#key, source);
    } else {
      const shape = [rows - before, ...this.#shape].join(",");
      const offset = [before, ...this.#shape.map(() => 0)].join(",");
      await client.extend(this.path, { ...source, id: this.#id }, `patch_shape=${shape}&patch_offset=${offset}`);
    }
    this.#sentRows = rows;
  }

  /**
   * Reads one pixel, since a server takes the addresses of any files. An array that it cannot read is
   * removed: with it, no client could read the rest of the stream at once.
   * @throws TiledError if the server cannot read the files
   */
  async check(client: TiledClient): Promise<void> {
    if (this.#id === undefined) return;
    const slice = [this.#rows - 1, ...this.#shape.map(() => 0)].join(",");
    try {
      await client.send("GET", `/array/full/${this.path}?slice=${slice}`, undefined, "", "application/octet-stream");
    } catch (error) {
      if (error instanceof TiledError) {
        await client.remove(this.path);
        this.#id = undefined;
      }
      throw error;
    }
  }

  #source(): object {
    const { mimetype, parameters } = this.#first;
    const { swmr = true, locking = null, slice, squeeze } = parameters;
    const ofHdf5 = {
      dataset: datasetOf(this.#first),
      swmr,
      locking,
      ...(slice ? { slice } : {}),
      ...(squeeze ? { squeeze } : {}),
    };
    const shape = [this.#rows, ...this.#shape];
    const structure = { data_type: this.#type, chunks: this.#chunks(shape), shape, dims: null, resizable: false };
    const kept = { structure_family: "array", structure, mimetype, management: "external" };
    const chunks = this.#chunksOfFiles();
    return {
      id: null,
      parameters: mimetype === HDF5 ? ofHdf5 : {},
      properties: chunks ? { chunks } : {},
      assets: this.#assets,
      ...kept,
    };
  }

  #add(uri: string): void {
    // Tiled takes what stands behind the host for the path as it is: it decodes no `%20`.
    const data_uri = uri.startsWith("file:") ? `file://localhost${pathOfUri(uri)}` : uri;
    this.#assets.push({ data_uri, is_directory: false, parameter: "data_uris", num: this.#assets.length });
  }

  /** Sizes of chunks in each dimension, as dask names them; a dimension without one is a single chunk. */
  #chunks(shape: readonly number[]): number[][] {
    const sizes = chunkShape(this.#first);
    return shape.map((length, i) => partsOf(length, sizes[i] ?? length));
  }

  /** How the files divide the array, where a row has several of them. */
  #chunksOfFiles(): number[][] | undefined {
    const each = filesOfRow(this.#shape, this.#first);
    const [frames = 1, ...pixels] = this.#shape;
    if (each === 1 || pixels.length === 0 || frames % each !== 0) return undefined;
    const together = frames / each;
    const rest = pixels.map((size) => [size]);
    return [this.#assets.map(() => 1), ...(together > 1 ? [[together]] : []), ...rest];
  }
}

/** A length as a sum of parts of one size, and what remains. */
function partsOf(length: number, size: number): number[] {
  if (length === 0 || size === 0) return [0];
  const whole = Array<number>(Math.floor(length / size)).fill(size);
  return length % size === 0 ? whole : [...whole, length % size];
}
