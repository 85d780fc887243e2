/** The Vega-Lite specification of lines in panels one below the other: pure data from pure data. */

import {
  axisTitle,
  faint,
  LINE_COLORS,
  MARKER_COLOR,
  type PlotSpec,
  plotSpec,
  plotText,
  tickFormat,
  WIDTH,
} from "../../display/plotTheme";
import { isFlat } from "../consumer/fields";
import type { Points } from "../consumer/series";

/** One line. */
export interface Line {
  readonly label: string;
  readonly points: Points;
  /** A calculated line, without points of its own. */
  readonly curve?: boolean;
  /** The line of the run before, for comparison. */
  readonly previous?: { readonly label: string; readonly points: Points } | undefined;
}

export interface Panel {
  /** Of the y axis, without unit; empty if the legend names the lines. */
  readonly title: string;
  readonly units: string | undefined;
  /** Digits after the point that mean something; a line that differs by less is drawn flat. */
  readonly precision?: number | undefined;
  readonly lines: readonly Line[];
  /** What is marked at the end: a place on the x axis, and words about the lines. */
  readonly peak?: { readonly at: number | undefined; readonly words: string } | undefined;
}

export interface Lines {
  readonly x: {
    readonly title: string;
    readonly units: string | undefined;
    readonly domain: readonly [number, number];
    /** Only whole numbers. */
    readonly whole?: boolean;
  };
  readonly panels: readonly Panel[];
}

/** Above this number of points a line is drawn without them. */
const MOST_MARKED = 200;
const HEIGHT = 260;
const PANEL_HEIGHT = 150;
/** Pixels by which the title of the y axis may be longer than the axis. */
const BESIDE = 40;
/** Pixels a character takes for Vega where it has no canvas to measure it, as in our pictures: 0.8 of the size of the font. */
const CHARACTER = 9.6;

export function lineSpec({ x, panels }: Lines): PlotSpec {
  const height = panels.length > 1 ? PANEL_HEIGHT : HEIGHT;
  const views = panels.map((panel, i) => panelSpec(panel, x, { height, last: i === panels.length - 1 }));
  if (views.length === 1) return plotSpec({ ...views[0] });
  return plotSpec({ vconcat: views, spacing: 14, resolve: { scale: { color: "independent" } } });
}

interface Drawn {
  readonly id: string;
  readonly color: string;
  readonly points: Points;
  readonly current: boolean;
  readonly curve: boolean;
}

function panelSpec(panel: Panel, x: Lines["x"], place: { readonly height: number; readonly last: boolean }): object {
  const drawn = drawnLines(panel, x.domain);
  const current = drawn.filter((line) => line.current);
  const [low, high] = extent(drawn.map((line) => line.points.y.subarray(0, line.points.length)));
  const legend = panel.lines.length > 1 ? current : drawn.length > 1 ? drawn : [];
  const measured = current.filter((line) => !line.curve);
  const marked = measured.every((line) => line.points.length <= MOST_MARKED);
  const encoding = {
    x: {
      field: "x",
      type: "quantitative",
      title: place.last ? axisTitle(x.title, x.units) : null,
      scale: { domain: x.domain, nice: false },
      axis: {
        ...formatted(tickFormat(...x.domain)),
        ...(x.whole ? { tickMinStep: 1 } : {}),
        ...(place.last ? {} : { labels: false }),
      },
    },
    y: {
      field: "y",
      type: "quantitative",
      title: yTitle(panel, place.height + BESIDE),
      scale: isFlat(low, high, panel.precision) ? { domain: around((low + high) / 2), nice: false } : { zero: false },
      axis: {
        ...formatted(tickFormat(low, high)),
        titleLimit: place.height + BESIDE,
        tickCount: Math.round(place.height / 45),
      },
    },
    color: {
      field: "line",
      type: "nominal",
      scale: { domain: drawn.map((line) => line.id), range: drawn.map((line) => line.color) },
      legend: legend.length > 0 ? { values: legend.map((line) => line.id), columns: columnsFor(legend) } : null,
    },
  };
  return {
    width: WIDTH,
    height: place.height,
    ...(panel.peak ? { title: panel.peak.words } : {}),
    layer: [
      { data: values(drawn), mark: { type: "line", strokeWidth: 1.5, clip: true }, encoding },
      ...(marked
        ? [
            {
              data: values(measured),
              mark: { type: "point", filled: true, size: 24, opacity: 1, tooltip: true },
              encoding,
            },
          ]
        : []),
      ...(panel.peak?.at === undefined ? [] : [rule(panel.peak.at)]),
    ],
  };
}

/** On two lines where one has no room: a title that is cut off loses its unit first. */
function yTitle({ title, units }: Panel, limit: number): string | readonly string[] | null {
  if (!title) return units ? plotText(units) : null;
  const line = axisTitle(title, units);
  return units && CHARACTER * line.length >= limit ? [plotText(title), plotText(units)] : line;
}

/** Earlier runs first, so that the new line lies on top. */
function drawnLines(panel: Panel, domain: readonly [number, number]): Drawn[] {
  const color = (i: number): string => LINE_COLORS[i % LINE_COLORS.length] as string;
  const before = panel.lines.flatMap(({ label, previous }, i): Drawn[] => {
    if (!previous || !reaches(previous.points, domain)) return [];
    const id = panel.lines.length > 1 ? `${label}, ${previous.label}` : previous.label;
    return [{ id, color: faint(color(i)), points: previous.points, current: false, curve: false }];
  });
  const now = panel.lines.map(
    ({ label, points, curve = false }, i): Drawn => ({ id: label, color: color(i), points, current: true, curve }),
  );
  return [...before, ...now];
}

/** Whether a line has a part in the plot. One that lies beside it would set the scale of y and be named in the legend, and not be seen. */
function reaches({ x, length }: Points, [from, to]: readonly [number, number]): boolean {
  const [low, high] = extent([x.subarray(0, length)]);
  return low <= to && high >= from;
}

function values(lines: readonly Drawn[]): { readonly values: readonly object[] } {
  const rows: object[] = [];
  for (const { id, points } of lines) {
    for (let i = 0; i < points.length; i++)
      rows.push({ x: jsonNumber(points.x[i]), y: jsonNumber(points.y[i]), line: id });
  }
  return { values: rows };
}

function rule(at: number): object {
  return {
    data: { values: [{ x: at }] },
    mark: { type: "rule", strokeDash: [3, 3], color: MARKER_COLOR },
    encoding: { x: { field: "x", type: "quantitative" } },
  };
}

const formatted = (format: string | undefined): object => (format ? { format } : {});

/** JSON has no NaN; `null` leaves a gap in the line. */
const jsonNumber = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** As many names in a row of the legend as there is room for. */
function columnsFor(lines: readonly Drawn[]): number {
  const widest = lines.reduce((most, line) => Math.max(most, line.id.length), 1);
  return Math.max(1, Math.floor(WIDTH / (6 * widest + 30)));
}

/** Lowest and highest of all finite values; `[0, 0]` if there are none. */
export function extent(columns: readonly Float64Array[]): [low: number, high: number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (const value of column) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

/** A range around a single value, so that an axis can show it. */
export function around(value: number): [number, number] {
  const margin = Math.abs(value) * 0.1 || 1;
  return [value - margin, value + margin];
}
