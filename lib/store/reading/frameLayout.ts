/** How the rows of a detector lie in its files, as bluesky's consolidators read them. */

import type { DataKey, StreamResource } from "../../engine/documents/documents";

/** Formats whose files hold frames, one file after the other. */
export const SEQUENCES: ReadonlySet<string> = new Set([
  "multipart/related;type=image/tiff",
  "multipart/related;type=image/jpeg",
]);

/** The shape of the values of one row; undefined where it is not described, or varies. */
export function rowShape({ shape }: Partial<DataKey>, { parameters }: StreamResource): readonly number[] | undefined {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size))) return undefined;
  const [first, ...rest] = shape as readonly number[];
  if (first === undefined || (shape.length === 1 && first === 1)) return [];
  // The number of frames that each point has.
  const multiplier = Number(parameters.multiplier ?? first);
  if (first === multiplier) return [first, ...rest];
  return first === 1 ? [multiplier, ...rest] : [multiplier, first, ...rest];
}

/** The shape of the chunks of an array, as far as it is given. */
export function chunkShape({ mimetype, parameters }: StreamResource): readonly number[] {
  const { chunk_shape: given } = parameters;
  if (Array.isArray(given) && given.length > 0 && given.every((size) => Number.isInteger(size) && size > 0))
    return given;
  return SEQUENCES.has(mimetype) ? [1] : [];
}

/** How many files the frames of a row fill. */
export function filesOfRow(shape: readonly number[], resource: StreamResource): number {
  const { files_per_datum: given, multiplier } = resource.parameters;
  if (typeof given === "number" && given >= 1) return Math.trunc(given);
  const [frames = 1, ...pixels] = shape;
  if (multiplier !== undefined) return frames;
  const [together = 1, ...chunk] = chunkShape(resource);
  const isOfFrames = chunk.length === pixels.length && chunk.every((size, i) => size === pixels[i]);
  return isOfFrames && frames % together === 0 ? frames / together : 1;
}

/**
 * How many colours a pixel can have. A last dimension of 3 or 4 counts as colours only if the one before it,
 * the columns, is at least `WIDE`; otherwise the images are small grey ones.
 */
const COLOURS: readonly number[] = [3, 4];
const WIDE = 5;

/**
 * The last dimensions of an array that are those of one frame: rows and columns, with the colours of a pixel
 * behind them.
 */
export function shapeOfFrame(shape: readonly number[]): readonly number[] {
  const [columns = 0, colours = 0] = shape.slice(-2);
  const isColoured = shape.length > 2 && COLOURS.includes(colours) && columns >= WIDE;
  return shape.slice(isColoured ? -3 : -2);
}

/** The number of elements of an array. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
