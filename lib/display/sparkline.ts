/** A small line of the last values, as a picture in a table. */

import { type Html, html } from "./html";
import { pngUrl } from "./png";

/** The size in pixels of the page; the picture has twice as many, for sharp screens. */
const WIDTH = 96;
const HEIGHT = 18;
const SCALE = 2;
/** The blue of plots, which can be seen on white and on black. */
const PALETTE = Uint8Array.of(0, 0, 0, 0x2a, 0x86, 0xcf, 0x8a, 0x8f, 0x98);

/** One value at its time. */
export interface SparkPoint {
  readonly time: number;
  readonly value: number;
}

/**
 * The line of some values from left (the oldest) to right, each of which holds until the next one; a constant
 * is a line in the middle, and nothing is an empty picture.
 * @param stale whether the values are out of date, so that the line is grey
 */
export function sparkline(points: readonly SparkPoint[], stale = false): Html {
  const [width, height] = [WIDTH * SCALE, HEIGHT * SCALE];
  const pixels = new Uint8Array(width * height);
  const finite = points.filter(({ time, value }) => Number.isFinite(value) && Number.isFinite(time));
  const [first, last] = [finite[0], finite.at(-1)];
  if (first && last) {
    const low = finite.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
    const high = finite.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    const [span, spread] = [last.time - first.time || 1, high - low];
    const place = ({ time, value }: SparkPoint): readonly [number, number] => [
      // Clocks may be set back: a time outside the picture is drawn at its edge.
      2 + Math.min(1, Math.max(0, (time - first.time) / span)) * (width - 5),
      spread > 0 ? 2 + (1 - (value - low) / spread) * (height - 5) : height / 2,
    ];
    const color = stale ? 2 : 1;
    let before = place(first);
    for (const point of [...finite, { ...last, time: first.time + span }]) {
      const next = place(point);
      const corner = [next[0], before[1]] as const;
      stroke(pixels, width, { from: before, to: corner, color });
      stroke(pixels, width, { from: corner, to: next, color });
      before = next;
    }
  }
  const url = pngUrl({ width, height, pixels, palette: PALETTE });
  return html`<img src="${url}" width="${WIDTH}" height="${HEIGHT}" alt="" style="vertical-align:middle">`;
}

/** Draws a line of two pixels. */
function stroke(
  pixels: Uint8Array,
  width: number,
  {
    from: [x0, y0],
    to: [x1, y1],
    color,
  }: { readonly from: readonly [number, number]; readonly to: readonly [number, number]; readonly color: number },
): void {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
  for (let i = 0; i <= steps; i++) {
    const x = Math.round(x0 + ((x1 - x0) * i) / steps);
    const y = Math.round(y0 + ((y1 - y0) * i) / steps);
    for (const at of [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1])
      if (at >= 0 && at < pixels.length) pixels[at] = color;
  }
}
