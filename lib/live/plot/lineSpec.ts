/** The Vega-Lite specification of lines in panels one below the other. */

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
import { isFlat } from "../peaks/isFlat";
import type { Points } from "../view/series";
import { rangeAround, rangeOf } from "./range";

/** One line. */
export interface Line {
  /** Its name in the legend. */
  readonly label: string;
  readonly points: Points;
  /** Whether it was calculated, so that its points are not marked. */
  readonly curve?: boolean;
  /** The line of an earlier run, for comparison. */
  readonly previous?: { readonly label: string; readonly points: Points } | undefined;
}

/** One panel: some lines with a common y axis. */
export interface Panel {
  /** The title of the y axis without its unit; empty if the legend names the lines. */
  readonly title: string;
  readonly units: string | undefined;
  /**
   * The number of digits after the point that mean something; a line
   * whose values differ by less is drawn flat.
   */
  readonly precision?: number | undefined;
  readonly lines: readonly Line[];
  /** The peak at the end of the run: the place to mark on the x axis, and its description. */
  readonly peak?: { readonly at: number | undefined; readonly words: string } | undefined;
}

/** What is drawn. */
export interface LineSpecData {
  readonly x: {
    readonly title: string;
    readonly units: string | undefined;
    readonly domain: readonly [number, number];
    /** Whether the axis has ticks at whole numbers only. */
    readonly whole?: boolean;
  };
  readonly panels: readonly Panel[];
}

/** The largest number of points of a line whose points are marked. */
const MOST_MARKED = 200;
const HEIGHT = 260;
const PANEL_HEIGHT = 150;
/** The number of pixels by which the title of the y axis may be longer than the axis. */
const TITLE_OVERHANG = 40;
/**
 * The width of a character in pixels that Vega assumes if it has no canvas,
 * as in our pictures: 0.8 of the font size.
 */
const CHARACTER_WIDTH = 9.6;

/** The specification of lines in panels that share their x axis. */
export function lineSpec({ x, panels }: LineSpecData): PlotSpec {
  const height = panels.length > 1 ? PANEL_HEIGHT : HEIGHT;
  const views = panels.map((panel, i) => panelSpec(panel, x, { height, last: i === panels.length - 1 }));
  if (views.length === 1) return plotSpec({ ...views[0] });
  return plotSpec({ vconcat: views, spacing: 14, resolve: { scale: { color: "independent" } } });
}

/** A line as it is drawn. */
interface DrawnLine {
  readonly id: string;
  readonly color: string;
  readonly points: Points;
  readonly current: boolean;
  readonly curve: boolean;
}

/** The height of a panel in pixels, and whether it is the last one, which has the titles of the x axis. */
interface PanelPlace {
  readonly height: number;
  readonly last: boolean;
}

function panelSpec(panel: Panel, x: LineSpecData["x"], place: PanelPlace): object {
  const drawn = drawnLines(panel, x.domain);
  const measured = drawn.filter((line) => line.current && !line.curve);
  const marked = measured.every((line) => line.points.length <= MOST_MARKED);
  const encoding = encodingOf(panel, drawn, x, place);
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

/** The axes, colours and legend of a panel. */
function encodingOf(panel: Panel, drawn: readonly DrawnLine[], x: LineSpecData["x"], place: PanelPlace): object {
  const current = drawn.filter((line) => line.current);
  const [low, high] = rangeOf(drawn.map((line) => line.points.y.subarray(0, line.points.length)));
  const legend = panel.lines.length > 1 ? current : drawn.length > 1 ? drawn : [];
  return {
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
      title: yTitle(panel, place.height + TITLE_OVERHANG),
      scale: isFlat(low, high, panel.precision)
        ? { domain: rangeAround((low + high) / 2), nice: false }
        : { zero: false },
      axis: {
        ...formatted(tickFormat(low, high)),
        titleLimit: place.height + TITLE_OVERHANG,
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
}

/**
 * The title of the y axis. It takes two lines if one has no room, since a
 * title that is cut off would lose its unit.
 */
function yTitle({ title, units }: Panel, limit: number): string | readonly string[] | null {
  if (!title) return units ? plotText(units) : null;
  const line = axisTitle(title, units);
  return units && CHARACTER_WIDTH * line.length >= limit ? [plotText(title), plotText(units)] : line;
}

/**
 * The lines in the order in which they are drawn: those of earlier
 * runs first, so that the new ones lie on top.
 */
function drawnLines(panel: Panel, domain: readonly [number, number]): DrawnLine[] {
  const color = (i: number): string => LINE_COLORS[i % LINE_COLORS.length] as string;
  const before = panel.lines.flatMap(({ label, previous }, i): DrawnLine[] => {
    if (!previous || !reaches(previous.points, domain)) return [];
    const id = panel.lines.length > 1 ? `${label}, ${previous.label}` : previous.label;
    return [{ id, color: faint(color(i)), points: previous.points, current: false, curve: false }];
  });
  const now = panel.lines.map(
    ({ label, points, curve = false }, i): DrawnLine => ({ id: label, color: color(i), points, current: true, curve }),
  );
  return [...before, ...now];
}

/**
 * Whether a part of a line lies in the range of the x axis. One outside would set the scale of y and stand in
 * the legend without being seen.
 */
function reaches({ x, length }: Points, [from, to]: readonly [number, number]): boolean {
  const [low, high] = rangeOf([x.subarray(0, length)]);
  return low <= to && high >= from;
}

function values(lines: readonly DrawnLine[]): { readonly values: readonly object[] } {
  const rows: object[] = [];
  for (const { id, points } of lines) {
    for (let i = 0; i < points.length; i++) {
      rows.push({ x: jsonNumber(points.x[i]), y: jsonNumber(points.y[i]), line: id });
    }
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

/** A number for JSON, which has no NaN; null leaves a gap in the line. */
const jsonNumber = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

/** The number of names for which a row of the legend has room. */
function columnsFor(lines: readonly DrawnLine[]): number {
  const widest = lines.reduce((most, line) => Math.max(most, line.id.length), 1);
  return Math.max(1, Math.floor(WIDTH / (6 * widest + 30)));
}
