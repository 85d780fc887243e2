/** Encodes images as TIFF. */

/** A tag of TIFF 6.0 with its value; type 3 has 16 bits, type 4 has 32 bits. */
type TiffEntry = readonly [tag: number, type: 3 | 4, value: number];

/** Bytes of the file header. */
const HEADER_BYTES = 8;

/** A 16-bit grayscale image, rows from the top, as an uncompressed TIFF 6.0 file. `width` is in pixels. */
export function encodeTiff(pixels: Uint16Array, width: number): Buffer {
  const height = pixels.length / width;
  const entries: readonly TiffEntry[] = [
    [256, 4, width],
    [257, 4, height],
    [258, 3, 16],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, HEADER_BYTES],
    [277, 3, 1],
    [278, 4, height],
    [279, 4, pixels.byteLength],
  ];
  const directory = HEADER_BYTES + pixels.byteLength;
  const file = Buffer.alloc(directory + 2 + 12 * entries.length + 4);
  file.write("II", 0, "latin1");
  file.writeUInt16LE(42, 2);
  file.writeUInt32LE(directory, 4);
  for (const [i, pixel] of pixels.entries()) file.writeUInt16LE(pixel, HEADER_BYTES + 2 * i);
  file.writeUInt16LE(entries.length, directory);
  for (const [i, [tag, type, value]] of entries.entries()) {
    const at = directory + 2 + 12 * i;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(type, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(value, at + 8);
  }
  return file;
}
