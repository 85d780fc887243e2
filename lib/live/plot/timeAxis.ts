/** Time axes of long runs in minutes or hours. */

import type { Points } from "../view/series";
import type { Line, LineSpecData } from "./lineData";

/** Seconds from which time is shown in minutes, and in hours. */
const MINUTES_FROM = 600;
const HOURS_FROM = 3 * 3600;

/** The unit in which a time of this many seconds is shown, and what seconds are divided by for it. */
export function timeUnit(seconds: number): { readonly units: string; readonly divisor: number } {
  if (seconds > HOURS_FROM) return { units: "h", divisor: 3600 };
  return seconds > MINUTES_FROM ? { units: "min", divisor: 60 } : { units: "s", divisor: 1 };
}

/** The same with the time in minutes or hours if it lasts long. */
export function inTimeUnit(data: LineSpecData, isTime: boolean): LineSpecData {
  const [from, to] = data.x.domain;
  const { units, divisor } = timeUnit(to - from);
  if (!isTime || divisor === 1) return data;
  const scaled = (points: Points): Points => ({ ...points, x: points.x.map((seconds) => seconds / divisor) });
  const line = (each: Line): Line => ({
    ...each,
    points: scaled(each.points),
    earlier: each.earlier?.map((before) => ({ ...before, points: scaled(before.points) })),
  });
  return {
    ...data,
    x: { ...data.x, units, domain: [from / divisor, to / divisor] },
    panels: data.panels.map((panel) => ({
      ...panel,
      lines: panel.lines.map(line),
      highest: panel.highest && [panel.highest[0] / divisor, panel.highest[1]],
    })),
    bands: data.bands?.map((row) => ({
      ...row,
      spans: row.spans.map(({ from: a, to: b, word }) => ({ from: a / divisor, to: b / divisor, word })),
    })),
  };
}
