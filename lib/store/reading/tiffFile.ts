/** Reads images from TIFF files: uncompressed ones and those of deflate, in strips. */

import { inflateSync } from "node:zlib";
import type { ImageFrame, Pixels } from "../../engine/result/runExports";
import { UsageError } from "../../errors";

/** Numbers of the tags that are read. */
const TAGS = {
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  offsets: 273,
  samples: 277,
  lengths: 279,
  planes: 284,
  predictor: 317,
  format: 339,
} as const;
const UNCOMPRESSED = 1;
/** Deflate has two numbers: that of the TIFF supplement, and the one that was used before. */
const DEFLATE: readonly number[] = [8, 32_946];
/** The most images of a file: a damaged file can have a list of images that never ends. */
const MOST_IMAGES = 1_000_000;

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

/** Bytes of the types of values in a tag: BYTE, SHORT and LONG. Others are not read. */
const SIZES: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4 };

/** The images of a TIFF 6.0 file, one after the other. @throws UsageError for a kind that cannot be read */
export function* tiffImages(bytes: Buffer, path = "the image"): Generator<ImageFrame, void> {
  const little = bytes.toString("latin1", 0, 2) === "II";
  const isTiff = little || bytes.toString("latin1", 0, 2) === "MM";
  const file = new TiffFile(bytes, path, little);
  if (!isTiff || bytes.length < 8 || file.number(2, 2) !== 42) throw new UsageError(`${path} is not a TIFF file`);
  try {
    let count = 0;
    for (let directory = file.number(4, 4); directory !== 0; directory = file.next(directory)) {
      count += 1;
      if (count > MOST_IMAGES) throw new RangeError();
      yield file.image(directory);
    }
  } catch (error) {
    // Buffers throw a RangeError for a place behind their end.
    if (error instanceof RangeError) throw new UsageError(`${path} is incomplete`, { cause: error });
    throw error;
  }
}

class TiffFile {
  readonly #bytes: Buffer;
  readonly #path: string;
  readonly #little: boolean;

  constructor(bytes: Buffer, path: string, little: boolean) {
    this.#bytes = bytes;
    this.#path = path;
    this.#little = little;
  }

  /** An unsigned integer. @throws RangeError behind the end of the file */
  number(at: number, size: number): number {
    return this.#little ? this.#bytes.readUIntLE(at, size) : this.#bytes.readUIntBE(at, size);
  }

  /** Where the directory of the next image is; 0 behind the last one. */
  next(directory: number): number {
    return this.number(directory + 2 + 12 * this.number(directory, 2), 4);
  }

  image(directory: number): ImageFrame {
    const tags = this.#tags(directory);
    const one = (tag: number, otherwise: number) => tags.get(tag)?.[0] ?? otherwise;
    const [width, height] = [one(TAGS.width, 0), one(TAGS.height, 0)];
    const [samples, bits] = [one(TAGS.samples, 1), one(TAGS.bits, 1)];
    const Kind = ARRAYS[`${one(TAGS.format, 1)} ${bits}`];
    const compression = one(TAGS.compression, UNCOMPRESSED);
    const isPacked = DEFLATE.includes(compression);
    const isKnown = (compression === UNCOMPRESSED || isPacked) && one(TAGS.predictor, 1) === 1;
    const isTogether = samples === 1 || one(TAGS.planes, 1) === 1;
    if (!Kind || !isKnown || !isTogether || !tags.has(TAGS.offsets))
      throw new UsageError(
        `${this.#path} is a TIFF of a kind that cannot be read: use strips, without compression or with deflate`,
      );
    const lengths = tags.get(TAGS.lengths) ?? [];
    const strips = (tags.get(TAGS.offsets) ?? []).map((from, i) => {
      const strip = this.#bytes.subarray(from, from + (lengths[i] ?? this.#bytes.length));
      return isPacked ? inflated(strip, this.#path) : strip;
    });
    const size = (width * height * samples * bits) / 8;
    const raw = Buffer.concat(strips);
    if (raw.length < size) throw new UsageError(`${this.#path} is incomplete`);
    // Typed arrays need an aligned address: strips can begin anywhere, a copy begins at 0.
    const copy = Buffer.from(new ArrayBuffer(size));
    raw.copy(copy, 0, 0, size);
    if (!this.#little) swap(copy, bits);
    return {
      shape: samples === 1 ? [height, width] : [height, width, samples],
      data: new Kind(copy.buffer as ArrayBuffer),
    };
  }

  #tags(directory: number): Map<number, number[]> {
    const tags = new Map<number, number[]>();
    for (let i = 0; i < this.number(directory, 2); i += 1) {
      const at = directory + 2 + 12 * i;
      const size = SIZES[this.number(at + 2, 2)];
      const count = this.number(at + 4, 4);
      if (size === undefined || size * count > this.#bytes.length) continue;
      const from = size * count > 4 ? this.number(at + 8, 4) : at + 8;
      tags.set(
        this.number(at, 2),
        Array.from({ length: count }, (_, k) => this.number(from + size * k, size)),
      );
    }
    return tags;
  }
}

function inflated(strip: Buffer, path: string): Buffer {
  try {
    return inflateSync(strip);
  } catch (error) {
    throw new UsageError(`${path} is damaged: its pixels cannot be unpacked`, { cause: error });
  }
}

function swap(bytes: Buffer, bits: number): void {
  if (bits === 16) bytes.swap16();
  if (bits === 32) bytes.swap32();
  if (bits === 64) bytes.swap64();
}
