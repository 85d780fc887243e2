/** Reads the frames that a detector wrote into files: sequences of TIFF and JPEG, and HDF5 datasets. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { diskErrorText } from "../../disk";
import type { DataKey, StreamDatum, StreamResource } from "../../engine/documents/documents";
import type { ImageFrame } from "../../engine/result/runExports";
import { UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { filesOfRow, rowShape } from "./frameLayout";
import { hdf5Images } from "./hdf5Images";
import { jpegImage } from "./jpegFile";
import { tiffImages } from "./tiffFile";

/** The frames of a data key in their order. @param described its data key, which has the shape of a row */
export async function* framesOf(
  resources: readonly StreamResource[],
  data: readonly StreamDatum[],
  described: Partial<DataKey> = {},
): AsyncGenerator<ImageFrame, void> {
  for (const { resource, row, rows, files } of writtenInto(resources, data, described)) {
    if (/hdf5/.test(resource.mimetype)) {
      if (rows > 0) yield* hdf5Images(resource, pathOfUri(resource.uri), { start: 0, stop: rows }, row);
    } else if (SEQUENCE.test(resource.mimetype)) {
      for (const file of files) yield* imagesIn(resource, file);
    } else throw unknownFormat(resource);
  }
}

/** The paths of the files that a detector wrote, as far as they are on a disk. */
export function imageFilesOf(
  resources: readonly StreamResource[],
  data: readonly StreamDatum[],
  described: Partial<DataKey> = {},
): string[] {
  const uris = [...writtenInto(resources, data, described)].flatMap(({ resource, files }) =>
    SEQUENCE.test(resource.mimetype) ? files.map((file) => frameUri(resource, file)) : [resource.uri],
  );
  return [...new Set(uris.filter((uri) => uri.startsWith("file:")).map(pathOfUri))];
}

/** Images of which each is in a file of its own. */
const SEQUENCE = /image\/(tiff|jpeg)/;

/** How many rows a detector wrote into each resource or, in a sequence, which of its files. */
function* writtenInto(
  resources: readonly StreamResource[],
  data: readonly StreamDatum[],
  described: Partial<DataKey>,
): Generator<{ resource: StreamResource; row: ReturnType<typeof rowShape>; rows: number; files: readonly number[] }> {
  let filesBefore = 0;
  for (const resource of resources) {
    const ranges = data.filter(({ stream_resource }) => stream_resource === resource.uid).map(({ indices }) => indices);
    const row = rowShape(described, resource);
    const rows = ranges.reduce((sum, { start, stop }) => sum + Math.max(0, stop - start), 0);
    const each = row ? filesOfRow(row, resource) : 1;
    const numbers = ranges.flatMap(({ start, stop }) => numbersFrom(start * each, stop * each));
    // The names of each resource begin at 0 again.
    const files = SEQUENCE.test(resource.mimetype) ? numbers.map((file) => file - filesBefore) : [];
    filesBefore += files.length;
    yield { resource, row, rows, files };
  }
}

/** One frame of a file, by its number from 0. Rejects if it is not there or cannot be read. */
export async function imageOf(resource: StreamResource, index: number): Promise<ImageFrame> {
  const { mimetype, uri } = resource;
  const isSequence = SEQUENCE.test(mimetype);
  if (!isSequence && !/hdf5/.test(mimetype)) throw unknownFormat(resource);
  const rows = { start: index, stop: index + 1 };
  const frames = isSequence ? imagesIn(resource, index) : hdf5Images(resource, pathOfUri(uri), rows);
  for await (const frame of frames) return frame;
  throw new Error(`${pathOfUri(uri)} does not have image ${index + 1} yet`);
}

const unknownFormat = ({ data_key, mimetype }: StreamResource): UsageError =>
  new UsageError(`images of ${data_key} are ${mimetype}: only TIFF, JPEG and HDF5 can be read`);

const numbersFrom = (start: number, stop: number): number[] =>
  Array.from({ length: Math.max(0, stop - start) }, (_, i) => start + i);

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

/** The images of one file of a sequence. */
async function* imagesIn(resource: StreamResource, file: number): AsyncGenerator<ImageFrame, void> {
  const path = pathOfUri(frameUri(resource, file));
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UsageError(`cannot read the image ${path}: ${diskErrorText(error)}`, { cause: error });
  }
  if (resource.mimetype.includes("jpeg")) yield await jpegImage(bytes, path);
  else yield* tiffImages(bytes, path);
}
