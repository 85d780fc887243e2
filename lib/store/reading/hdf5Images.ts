/** Reads the frames of a detector from an HDF5 dataset. */

import type { NumberArray } from "../../core/protocols/dataValue";
import type { StreamResource } from "../../engine/documents/documents";
import type { ImageFrame, Pixels } from "../../engine/result/runExports";
import { UsageError } from "../../errors";
import { oneLine } from "../../printable";
import { shapeOfFrame, sizeOf } from "./frameLayout";
import { loadLibrary } from "./loadLibrary";

/** The used part of h5wasm. */
interface H5Wasm {
  readonly ready: Promise<unknown>;
  readonly File: new (path: string, mode: string) => { get(path: string): H5Dataset | null; close(): void };
}
interface H5Dataset {
  readonly shape: number[];
  slice(ranges: readonly (readonly number[])[]): NumberArray | null;
}

/** The path of the images in their HDF5 file. */
export const datasetOf = ({ parameters }: StreamResource): string =>
  String(parameters.dataset ?? parameters.path ?? "/entry/data/data");

/** The elements of a dimension that are read. The result lacks a dimension that is read at a single place. */
interface Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly isPlace: boolean;
}

/**
 * The frames of some rows of a file.
 *
 * @param path the path of the file
 * @param rows from row `start`, counted from 0, to the one before `stop`
 * @param row the shape of one row; undefined if it is not described
 */
export async function* hdf5Images(
  resource: StreamResource,
  path: string,
  rows: { readonly start: number; readonly stop: number },
  row?: readonly number[],
): AsyncGenerator<ImageFrame, void> {
  const { File, ready } = await loadLibrary<H5Wasm>("h5wasm/node", "HDF5 files");
  await ready;
  const file = new File(path, "r");
  try {
    const name = datasetOf(resource);
    const dataset = file.get(name);
    if (!dataset) throw new UsageError(`${path} has no dataset ${name}`);
    const [first, ...others] = rangesOf(resource, dataset.shape);
    if (!first) return;
    const inRow = others.filter(({ isPlace }) => !isPlace).map(({ from, to, step }) => Math.ceil((to - from) / step));
    const stored = resource.parameters.squeeze ? inRow.filter((size) => size !== 1) : inRow;
    // The frames of all rows may follow each other in the first dimension.
    const together = row === undefined ? 1 : Math.max(1, Math.round(sizeOf(row) / sizeOf(stored)));
    const shape = shapeOfFrame(stored);
    for (let at = rows.start * together; at < Math.min(first.to, rows.stop * together); at += 1) {
      const ranges = others.map(({ from, to, step }) => [from, to, step]);
      const values = dataset.slice([[at, at + 1], ...ranges]);
      if (!values) throw new UsageError(`${path}: ${name} cannot be read`);
      const pixels = pixelsOf(values);
      const size = sizeOf(shape);
      for (let from = 0; from < pixels.length; from += size) yield { shape, data: pixels.slice(from, from + size) };
    }
  } finally {
    file.close();
  }
}

/** Counts of 64 bits as doubles, which hold them up to 2^53. */
export const pixelsOf = (values: NumberArray): Pixels =>
  values instanceof BigInt64Array || values instanceof BigUint64Array ? Float64Array.from(values, Number) : values;

/** The part of a dataset that belongs to the detector: `slice` is a text or a list, as `(:, 0, 10:20)`. */
function rangesOf({ parameters, data_key }: StreamResource, shape: readonly number[]): Range[] {
  const { slice } = parameters;
  const texts = slice
    ? String(slice)
        .replace(/[()[\]\s]/g, "")
        .split(",")
    : [];
  return shape.map((length, i) => {
    const text = texts[i] || ":";
    const range = rangeOf(text, length);
    // The rows of several files are joined: those of one of them cannot be chosen here.
    if (!range || texts.length > shape.length || (i === 0 && text !== ":"))
      throw new UsageError(`the slice ${oneLine(String(slice), 100)} of ${data_key} cannot be read`);
    return range;
  });
}

/** One part of a slice, as Python reads it: a place, or `from:to:step`; places below 0 count from the end. */
function rangeOf(text: string, length: number): Range | undefined {
  const parts = text.split(":");
  if (parts.length > 3 || !parts.every((part) => /^(-?\d+)?$/.test(part))) return undefined;
  const place = (part: string | undefined, otherwise: number) => {
    if (!part) return otherwise;
    const number = Number(part);
    return Math.min(length, Math.max(0, number < 0 ? number + length : number));
  };
  const from = place(parts[0], 0);
  if (parts.length === 1) return { from, to: from + 1, step: 1, isPlace: true };
  const step = Number(parts[2] || 1);
  return step < 1 ? undefined : { from, to: Math.max(from, place(parts[1], length)), step, isPlace: false };
}
