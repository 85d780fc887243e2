/** Reads the frames that a detector wrote into files: TIFF sequences and HDF5 datasets. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { NumberArray } from "../../core/protocols/dataValue";
import { diskErrorText } from "../../disk";
import type { StreamDatum, StreamResource } from "../../engine/documents/documents";
import type { ImageFrame, Pixels } from "../../engine/result/runExports";
import { UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { loadLibrary } from "./loadLibrary";

/** The frames of a data key in their order. */
export async function* framesOf(
  resources: readonly StreamResource[],
  data: readonly StreamDatum[],
): AsyncGenerator<ImageFrame, void> {
  for (const resource of resources) {
    const frames = data
      .filter(({ stream_resource }) => stream_resource === resource.uid)
      .reduce((most, { indices }) => Math.max(most, indices.stop), 0);
    yield* framesBetween(resource, 0, frames);
  }
}

/** One frame of a file, by its number from 0. Rejects if it is not there or cannot be read. */
export async function imageOf(resource: StreamResource, index: number): Promise<ImageFrame> {
  for await (const frame of framesBetween(resource, index, index + 1)) return frame;
  throw new Error(`${pathOfUri(resource.uri)} does not have image ${index + 1} yet`);
}

/** The frames from number `from` up to but without `to`, as far as the file has them. */
function framesBetween(resource: StreamResource, from: number, to: number): AsyncGenerator<ImageFrame, void> {
  const { data_key, mimetype } = resource;
  if (/hdf5/.test(mimetype)) return hdf5Frames(resource, from, to);
  if (/image\/tiff/.test(mimetype)) return tiffFrames(resource, from, to);
  throw new UsageError(`images of ${data_key} are ${mimetype}: only TIFF and HDF5 can be read`);
}

/** The error for images that a run does not have. */
export function noImages(wanted: string | undefined, keys: readonly string[]): UsageError {
  const name = wanted === undefined ? "" : `"${wanted}" `;
  return new UsageError(`no images ${name}in this run: it has ${keys.join(", ") || "none"}`);
}

/**
 * The path of a `file:` URI, with or without a host. A `%` that encodes nothing stands for itself, since
 * other programs write paths as they are.
 *
 * @throws UsageError if it is not the address of a file
 */
export function pathOfUri(uri: string): string {
  try {
    return fileURLToPath(uri.replace(/^file:\/\/[^/]+\//, "file:///").replace(/%(?![\da-f]{2})/gi, "%25"));
  } catch {
    throw new UsageError(`${oneLine(uri, 200)} is not the address of a file`);
  }
}

/**
 * The address of the file of a frame: that of the resource with its template behind it, in which `{:06d}` or
 * `%06d` is the number and `%s` the name of the file, as in bluesky. Without a template it is the resource.
 */
export function frameUri({ uri, parameters }: StreamResource, frame: number): string {
  const { template, filename = "" } = parameters;
  if (typeof template !== "string") return uri;
  const texts = [String(filename)];
  const name = template.replace(
    /\{(?::0?(\d*)d)?\}|%(?:0?(\d*)(?:\.\d+)?d|s)/g,
    (place, braces: string, percent: string) => {
      if (place === "%s") return texts.shift() ?? "";
      return String(frame).padStart(Number(braces ?? percent ?? 0), "0");
    },
  );
  // Escapes only characters that would end a path or be decoded: bluesky takes names as they are.
  const escaped = name.replace(/[%?#]/g, encodeURIComponent);
  return `${uri}${uri.endsWith("/") ? escaped.replace(/^\//, "") : escaped}`;
}

async function* tiffFrames(resource: StreamResource, from: number, to: number): AsyncGenerator<ImageFrame, void> {
  for (let frame = from; frame < to; frame += 1) {
    const path = pathOfUri(frameUri(resource, frame));
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (error) {
      throw new UsageError(`cannot read the image ${path}: ${diskErrorText(error)}`, { cause: error });
    }
    yield decodeTiff(bytes, path);
  }
}

/** A grayscale image of an uncompressed TIFF 6.0 file. @throws UsageError for another kind of TIFF */
export function decodeTiff(bytes: Buffer, path = "the image"): ImageFrame {
  const little = bytes.toString("latin1", 0, 2) === "II";
  const u16 = (at: number) => (little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at));
  const u32 = (at: number) => (little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  if (bytes.length < 8 || u16(2) !== 42) throw new UsageError(`${path} is not a TIFF file`);
  const tags = new Map<number, number[]>();
  const directory = u32(4);
  for (let i = 0; i < u16(directory); i += 1) {
    const at = directory + 2 + 12 * i;
    const size = u16(at + 2) === 3 ? 2 : 4;
    const count = u32(at + 4);
    const from = size * count > 4 ? u32(at + 8) : at + 8;
    const read = (k: number) => (size === 2 ? u16(from + size * k) : u32(from + size * k));
    if (from + size * count <= bytes.length)
      tags.set(
        u16(at),
        Array.from({ length: count }, (_, k) => read(k)),
      );
  }
  const one = (tag: number, otherwise: number) => tags.get(tag)?.[0] ?? otherwise;
  const [width, height, bits] = [one(256, 0), one(257, 0), one(258, 1)];
  const Kind = ARRAYS[`${one(339, 1)} ${bits}`];
  if (one(259, 1) !== 1 || one(277, 1) !== 1 || !Kind)
    throw new UsageError(`${path} is a TIFF of a kind that cannot be read: only uncompressed grayscale can`);
  const lengths = tags.get(279) ?? [];
  const strips = (tags.get(273) ?? []).map((from, i) => bytes.subarray(from, from + (lengths[i] ?? 0)));
  const raw = Buffer.concat(strips);
  if (raw.length < (width * height * bits) / 8) throw new UsageError(`${path} is incomplete`);
  if (!little && bits === 16) raw.swap16();
  if (!little && bits === 32) raw.swap32();
  if (!little && bits === 64) raw.swap64();
  const copy = new Uint8Array((width * height * bits) / 8);
  copy.set(raw.subarray(0, copy.length));
  return { shape: [height, width], data: new Kind(copy.buffer) };
}

/** Arrays by sample format (1 unsigned, 2 signed, 3 floating-point) and bits. */
const ARRAYS: Readonly<Record<string, new (buffer: ArrayBuffer) => Pixels>> = {
  "1 8": Uint8Array,
  "1 16": Uint16Array,
  "1 32": Uint32Array,
  "2 8": Int8Array,
  "2 16": Int16Array,
  "2 32": Int32Array,
  "3 32": Float32Array,
  "3 64": Float64Array,
};

/** What is used of h5wasm. */
interface H5Wasm {
  readonly ready: Promise<unknown>;
  readonly File: new (path: string, mode: string) => { get(path: string): H5Dataset | null; close(): void };
}
interface H5Dataset {
  readonly shape: number[];
  slice(ranges: readonly (readonly number[])[]): NumberArray;
}

/** The path of the images in their HDF5 file. */
export const datasetOf = ({ parameters }: StreamResource): string =>
  String(parameters.dataset ?? parameters.path ?? "/entry/data/data");

async function* hdf5Frames(resource: StreamResource, from: number, to: number): AsyncGenerator<ImageFrame, void> {
  const { File, ready } = await loadLibrary<H5Wasm>("h5wasm/node", "HDF5 files");
  await ready;
  const path = pathOfUri(resource.uri);
  const file = new File(path, "r");
  try {
    const name = datasetOf(resource);
    const dataset = file.get(name);
    if (!dataset) throw new UsageError(`${path} has no dataset ${name}`);
    const [all = 0, ...shape] = dataset.shape;
    for (let i = from; i < Math.min(all, to); i += 1)
      yield { shape, data: pixelsOf(dataset.slice([[i, i + 1], ...shape.map((n) => [0, n])])) };
  } finally {
    file.close();
  }
}

/** Counts of 64 bits as doubles, which hold them up to 2^53. */
export const pixelsOf = (values: NumberArray): Pixels =>
  values instanceof BigInt64Array || values instanceof BigUint64Array ? Float64Array.from(values, Number) : values;
