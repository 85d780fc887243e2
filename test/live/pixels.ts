/** The colours of the cells of a map's picture. */

import { inflateSync } from "node:zlib";

/** The palette index in the middle of each cell, the lowest row first; 0 where nothing was measured. */
export function pixelsOf(url: string, rows: number, columns: number): number[] {
  const png = Buffer.from(url.replace("data:image/png;base64,", ""), "base64");
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf("IDAT");
  const raw = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const [wide, tall] = [width / columns, height / rows];
  return Array.from({ length: rows * columns }, (_, cell) => {
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    const y = height - 1 - Math.floor((row + 0.5) * tall);
    return raw[y * (width + 1) + 1 + Math.floor((column + 0.5) * wide)] as number;
  });
}
