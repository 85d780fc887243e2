/** The layers over lines: error bars, the peak, the highest point, and names at the ends of lines. */

import { GREY, HEIGHT, MARKER_COLOR, plotText, WIDTH } from "../../display/plotTheme";
import type { PeakWords } from "../peaks/peakWords";
import { FREE } from "./axisScale";
import type { DrawnLine } from "./lineData";
import { jsonNumber } from "./quantities";

/** The most points that have an error bar each; the errors of more points are drawn as a band. */
const MOST_BARS = 120;
/** Pixels to the right of a panel for the names of its lines. */
export const LABEL_ROOM = 154;
/** The least pixels between the names of two lines. */
const LABEL_DISTANCE = 14;
/** The most letters of a name beside a line. */
const LONGEST_LABEL = 22;

/** A number as it is: marks must lie on the line, however narrow its range. */
const exact = (value: number | undefined): number | null => jsonNumber(value, 15);

/**
 * The errors of measured points, as bars or as a band.
 * @param bottom the end of a logarithmic axis, below which no bar reaches; undefined for a linear axis
 */
export function errorLayers(
  lines: readonly DrawnLine[],
  encoding: { readonly x: object; readonly y: object; readonly color: object },
  bottom?: number,
): object[] {
  const rows: object[] = [];
  for (const { id, points, line } of lines) {
    if (!line?.errors) continue;
    for (let i = 0; i < points.length; i++) {
      const [y, error] = [points.y[i] as number, line.errors[i] ?? Number.NaN];
      const low = bottom === undefined ? y - error : Math.max(bottom, y - error);
      rows.push({ x: exact(points.x[i]), lo: exact(low), hi: exact(y + error), line: id });
    }
  }
  if (rows.length === 0) return [];
  const bars = rows.length <= MOST_BARS;
  const mark = bars
    ? { type: "rule", strokeWidth: 1.25, opacity: 0.65, clip: true }
    : { type: "area", opacity: 0.18, clip: true };
  return [
    { data: { values: rows }, mark, encoding: { ...encoding, y: { ...encoding.y, field: "lo" }, y2: { field: "hi" } } },
  ];
}

/** The centre as a dashed line, and the width as a bar at half height. */
export function peakLayers({ at, width }: PeakWords, { x, y }: { readonly x: object; readonly y: object }): object[] {
  const layers: object[] = [];
  if (at !== undefined) {
    const mark = { type: "rule", strokeDash: [3, 3], color: MARKER_COLOR, clip: true };
    layers.push({ data: { values: [{ x: at }] }, mark, encoding: { x } });
  }
  if (width) {
    const data = { values: [{ x: width.from, x2: width.to, y: width.height }] };
    layers.push({
      data,
      mark: { type: "rule", strokeWidth: 1.5, color: MARKER_COLOR, clip: true },
      encoding: { x, x2: { field: "x2" }, y },
    });
  }
  return layers;
}

/** A ring around the highest point. */
export function highestLayers(
  [x, y]: readonly [number, number],
  encoding: { readonly x: object; readonly y: object },
): object[] {
  const mark = {
    type: "point",
    filled: false,
    size: 110,
    strokeWidth: 1.5,
    color: MARKER_COLOR,
    opacity: 1,
    clip: true,
  };
  const data = { values: [{ x: exact(x), y: exact(y) }] };
  return [{ data, mark, encoding: { x: encoding.x, y: encoding.y } }];
}

/** The names of many lines at their right ends, spread so that they do not cover each other. */
export function labelLayers(
  lines: readonly DrawnLine[],
  { domain, log }: { readonly domain: readonly [number, number]; readonly log: boolean },
  height: number,
): object[] {
  const scaled = (value: number): number => (log ? Math.log(value) : value);
  const [low, high] = domain.map(scaled) as [number, number];
  const ends = lines.flatMap((line) => {
    const { y, length } = line.points;
    let last = length - 1;
    while (last >= 0 && !Number.isFinite(y[last])) last -= 1;
    if (last < 0) return [];
    const part = (scaled(y[last] as number) - low) / (high - low || 1);
    const at = height - FREE.y - (height - 2 * FREE.y) * part;
    return [{ line, at: Math.min(height, Math.max(0, at)) }];
  });
  ends.sort((a, b) => a.at - b.at);
  const places = spread(ends.map(({ at }) => at));
  return ends.flatMap(({ line: { id, color, dash } }, i) => {
    const y = { value: places[i] as number };
    const text = plotText(id.length > LONGEST_LABEL ? `${id.slice(0, LONGEST_LABEL - 1)}…` : id);
    const [left, right] = [WIDTH - LABEL_ROOM + 6, WIDTH - LABEL_ROOM + 24];
    return [
      {
        data: { values: [{}] },
        mark: { type: "rule", color, strokeWidth: 2, strokeDash: dash, clip: false },
        encoding: { x: { value: left }, x2: { value: right }, y },
      },
      {
        data: { values: [{}] },
        mark: {
          type: "text",
          align: "left",
          baseline: "middle",
          fontSize: 11,
          fontWeight: 500,
          color: GREY,
          clip: false,
          text,
        },
        encoding: { x: { value: right + 4 }, y },
      },
    ];
  });
}

/** Moves places apart that are too close, each as little as possible. */
function spread(places: readonly number[]): number[] {
  const moved = [...places];
  for (let i = 1; i < moved.length; i++)
    moved[i] = Math.max(moved[i] as number, (moved[i - 1] as number) + LABEL_DISTANCE);
  const beyond = (moved.at(-1) ?? 0) - Math.max(places.at(-1) ?? 0, HEIGHT);
  if (beyond > 0) {
    moved[moved.length - 1] = (moved.at(-1) as number) - beyond;
    for (let i = moved.length - 2; i >= 0; i--)
      moved[i] = Math.min(moved[i] as number, (moved[i + 1] as number) - LABEL_DISTANCE);
  }
  return moved;
}
