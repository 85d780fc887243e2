/** Pictures with at most 256 colours as PNG. */

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** A picture: the index of a colour for each pixel, in rows from the top; colour 0 is transparent. */
export interface IndexedPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  /** The colours as bytes of red, green and blue. */
  readonly palette: Uint8Array;
}

/** A data URL of a picture. */
export function pngUrl({ width, height, pixels, palette }: IndexedPicture): string {
  const raw = Buffer.alloc((width + 1) * height);
  for (let row = 0; row < height; row++)
    raw.set(pixels.subarray(row * width, (row + 1) * width), row * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, as indices of the palette.
  header[8] = 8;
  header[9] = 3;
  const chunks = [
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("tRNS", Buffer.of(0)),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return `data:image/png;base64,${Buffer.concat([SIGNATURE, ...chunks]).toString("base64")}`;
}

function chunk(type: string, content: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}
