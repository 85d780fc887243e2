/** Reads the image of a JPEG file. */

import { readFile } from "node:fs/promises";
import type { ImageFrame } from "../../engine/result/runExports";
import { errorText, UsageError } from "../../errors";
import { loadLibrary } from "./loadLibrary";

/** The used part of @jsquash/jpeg: mozjpeg as WebAssembly, which gives the same pixels as Pillow. */
interface JpegDecoder {
  init(module: object): Promise<void>;
  default(bytes: Uint8Array): Promise<{ readonly width: number; readonly height: number; readonly data: Uint8Array }>;
}
const LIBRARY = "@jsquash/jpeg";

// Node has WebAssembly, but its types do not declare it.
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { compile(code: Uint8Array): Promise<object> };
};

let decoder: Promise<JpegDecoder> | undefined;

/** A grey image has the shape [rows, columns], one with colours [rows, columns, 3]. */
export async function jpegImage(bytes: Uint8Array, path: string): Promise<ImageFrame> {
  decoder ??= loadDecoder();
  const { default: decode } = await decoder.catch((error: unknown) => {
    // The library may be installed before the next image is read, so a failure is not kept.
    decoder = undefined;
    throw error;
  });
  try {
    const { width, height, data } = await decode(bytes);
    const isGrey = componentsOf(bytes) === 1;
    const shape = isGrey ? [height, width] : [height, width, 3];
    // Each pixel has four values: red, green, blue and opacity.
    return { shape, data: Uint8Array.from(data).filter((_, i) => (isGrey ? i % 4 === 0 : i % 4 !== 3)) };
  } catch (error) {
    throw new UsageError(`${path} is not a JPEG image that can be read: ${errorText(error)}`, { cause: error });
  }
}

async function loadDecoder(): Promise<JpegDecoder> {
  const library = await loadLibrary<JpegDecoder>(`${LIBRARY}/decode.js`, "JPEG images");
  // By itself it would fetch its WebAssembly, as in a browser.
  const code = await readFile(require.resolve(`${LIBRARY}/codec/dec/mozjpeg_dec.wasm`));
  await library.init(await WebAssembly.compile(code));
  return library;
}

/** The number of components: 1 for grey. It stands in the header of the frame (SOF0 to SOF15). */
function componentsOf(bytes: Uint8Array): number | undefined {
  for (let at = 2; at + 9 < bytes.length; ) {
    const [mark, marker = 0, high = 0, low = 0] = bytes.subarray(at, at + 4);
    if (mark !== 0xff) return undefined;
    // C4, C8 and CC are tables and extensions.
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return bytes[at + 9];
    at += 2 + 256 * high + low;
  }
  return undefined;
}
