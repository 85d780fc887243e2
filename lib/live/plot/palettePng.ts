/** Values as a small picture in colours with sharp cells. */

import { pngUrl } from "../../display/png";

/** The colours of values from the lowest to the highest: viridis, nine stops. */
export const COLOR_STOPS = [
  "#440154",
  "#482777",
  "#3f4a8a",
  "#31678e",
  "#26838f",
  "#1f9d8a",
  "#6cce5a",
  "#b6de2b",
  "#fee825",
] as const;

/** The colours of a picture: one that is transparent, for no value, then 255 from low to high. */
const PALETTE = palette();

/** Values in rows, the lowest row first, as in a plot; NaN where there is none. */
export interface CellValues {
  readonly values: Float64Array;
  readonly columns: number;
  readonly rows: number;
}

/**
 * A data URL of a PNG with the colours of cells, enlarged by whole factors to at least `width` by `height`
 * pixels, since a plot would blur a small one. Values beyond `range` have the colour of its end.
 */
export function cellsUrl(
  { values, columns, rows }: CellValues,
  [low, high]: readonly [number, number],
  { width, height }: { readonly width: number; readonly height: number },
): string {
  const [wide, tall] = [Math.max(1, Math.ceil(width / columns)), Math.max(1, Math.ceil(height / rows))];
  const [across, down] = [columns * wide, rows * tall];
  const pixels = new Uint8Array(across * down);
  const scale = high > low ? 254 / (high - low) : 0;
  for (let row = 0; row < rows; row++) {
    const from = (rows - 1 - row) * columns;
    const begin = row * tall * across;
    for (let column = 0; column < columns; column++) {
      const value = values[from + column] as number;
      const color = Number.isNaN(value) ? 0 : 1 + Math.round(Math.min(254, Math.max(0, scale * (value - low))));
      pixels.fill(color, begin + column * wide, begin + (column + 1) * wide);
    }
    for (let copy = 1; copy < tall; copy++) pixels.copyWithin(begin + copy * across, begin, begin + across);
  }
  return pngUrl({ width: across, height: down, pixels, palette: PALETTE });
}

function palette(): Buffer {
  const stops = COLOR_STOPS.map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  const bytes = Buffer.alloc(3 * 256);
  for (let i = 0; i < 255; i++) {
    const at = (i / 254) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(at));
    for (let part = 0; part < 3; part++) {
      const [from, to] = [stops[below]?.[part] as number, stops[below + 1]?.[part] as number];
      bytes[3 * (i + 1) + part] = Math.round(from + (at - below) * (to - from));
    }
  }
  return bytes;
}
