/** The Vega-Lite specification of lines in panels one below the other, or in many small ones. */

import {
  axisTitle,
  EARLIER_COLOR,
  HEIGHT,
  LINE_COLORS,
  LINE_DASHES,
  MARKER_COLOR,
  type PlotHeading,
  type PlotSpec,
  plotSpec,
  plotText,
  plotTitle,
  WIDTH,
  zoomParam,
} from "../../display/plotTheme";
import { isFlat } from "../peaks/isFlat";
import type { PeakWords } from "../peaks/peakWords";
import type { Points } from "../view/series";
import { domainOf, linearAxis, logAxis, wantsLog } from "./axisScale";
import { jsonNumber } from "./quantities";
import { rangeAround, rangeOf } from "./range";

/** The line of an earlier run, for comparison. */
export interface EarlierLine {
  readonly label: string;
  readonly points: Points;
}

/** One line. */
export interface Line {
  /** Its name in the legend. */
  readonly label: string;
  readonly points: Points;
  /** Whether it was calculated, so that its points are not marked. */
  readonly curve?: boolean;
  /** The lines of earlier runs, the newest first. */
  readonly earlier?: readonly EarlierLine[] | undefined;
  /** One standard deviation of each point, for its error bar. */
  readonly errors?: Float64Array | undefined;
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
  /** The peak at the end of the run, to be drawn. */
  readonly peak?: PeakWords | undefined;
  /** Whether the axis is logarithmic; default: if the values ask for it. */
  readonly log?: boolean | undefined;
}

/** What is drawn. */
export interface LineSpecData {
  readonly x: {
    readonly title: string;
    readonly units: string | undefined;
    readonly domain: readonly [number, number];
    /** Whether the axis has ticks at whole numbers only. */
    readonly whole?: boolean;
    readonly log?: boolean;
  };
  readonly panels: readonly Panel[];
  readonly title?: PlotHeading | undefined;
  /** Whether the last frame is drawn, which has tooltips and can be zoomed. */
  readonly final?: boolean;
}

/** The largest number of points of a line whose points are marked. */
const MOST_MARKED = 200;
/** The height of panels one below the other, together. */
const STACK_HEIGHT = 300;
const PANEL_SPACING = 14;
/** Points up to which each has an error bar; of more, the errors are a band. */
const MOST_BARS = 120;
/** The number of pixels by which the title of the y axis may be longer than the axis. */
const TITLE_OVERHANG = 40;
/**
 * The width of a character in pixels that Vega assumes if it has no canvas,
 * as in our pictures: 0.8 of the font size.
 */
const CHARACTER_WIDTH = 9.6;
const SMALL = { columns: 5, width: 80, height: 52 };

/** The specification of lines in panels that share their x axis. */
export function lineSpec(data: LineSpecData): PlotSpec {
  const { x, panels, title, final = false } = data;
  const heading = title ? plotTitle(title) : {};
  if (isMany(panels)) return smallMultiples(data, heading);
  const height = panels.length > 1 ? Math.max(70, Math.round(STACK_HEIGHT / panels.length) - PANEL_SPACING) : HEIGHT;
  const views = panels.map((panel, i) =>
    panelSpec(panel, x, { height, last: i === panels.length - 1, final, alone: panels.length === 1 && !title }),
  );
  if (views.length === 1) return plotSpec({ ...heading, ...views[0] });
  return plotSpec({ ...heading, vconcat: views, spacing: PANEL_SPACING, resolve: { scale: { color: "independent" } } });
}

/** More than 12 lines or 4 panels are shown as small plots with an axis each. */
function isMany(panels: readonly Panel[]): boolean {
  return panels.length > 4 || panels.reduce((sum, { lines }) => sum + lines.length, 0) > 12;
}

/** A line as it is drawn. */
interface DrawnLine {
  readonly id: string;
  readonly color: string;
  readonly dash: readonly number[];
  readonly points: Points;
  readonly line: Line | undefined;
}

interface Place {
  readonly height: number;
  readonly last: boolean;
  readonly final: boolean;
  /** Whether the words about the peak are the title of the panel. */
  readonly alone: boolean;
}

function panelSpec(panel: Panel, x: LineSpecData["x"], place: Place): object {
  const current = panel.lines.map(
    (line, i): DrawnLine => ({
      id: line.label,
      color: LINE_COLORS[i % LINE_COLORS.length] as string,
      dash: LINE_DASHES[Math.floor(i / LINE_COLORS.length) % LINE_DASHES.length] as readonly number[],
      points: line.points,
      line,
    }),
  );
  const scale = yScale(panel);
  const earlier = earlierLines(panel, x.domain, scale.domain);
  const drawn = [...earlier, ...current];
  const measured = current.filter(({ line }) => !line?.curve);
  const marked = measured.every(({ points }) => points.length <= MOST_MARKED);
  const encoding = encodingOf(panel, x, place, { scale, drawn, legend: legendOf(panel, drawn, current, earlier) });
  const dashes = {
    strokeDash: {
      field: "line",
      type: "nominal",
      scale: { domain: drawn.map(({ id }) => id), range: drawn.map(({ dash }) => dash) },
      legend: null,
    },
  };
  const lines = {
    data: values(drawn),
    mark: { type: "line", strokeWidth: 1.5, clip: true },
    encoding: { ...encoding, ...(panel.lines.length > LINE_COLORS.length ? dashes : {}) },
    ...(place.final ? { params: [zoomParam(place.alone || place.last ? ["x", "y"] : ["x"])] } : {}),
  };
  const points = {
    data: values(measured),
    mark: { type: "point", filled: true, size: 24, opacity: 1, clip: true },
    encoding,
  };
  const hits = {
    data: values(measured),
    mark: { type: "point", filled: true, size: 180, opacity: 0, clip: true },
    encoding: { ...encoding, tooltip: tooltip(panel, x, measured) },
  };
  return {
    width: WIDTH,
    height: place.height,
    layer: [
      lines,
      ...errorLayers(current, encoding),
      ...(marked ? [points] : []),
      ...(place.final ? [hits] : []),
      ...(panel.peak ? peakLayers(panel.peak, encoding) : []),
    ],
  };
}

/** What the layers of a panel have in common: both axes and the colours. */
function encodingOf(
  panel: Panel,
  x: LineSpecData["x"],
  place: Place,
  {
    scale,
    drawn,
    legend,
  }: { readonly scale: YScale; readonly drawn: readonly DrawnLine[]; readonly legend: object | null },
) {
  return {
    x: {
      field: "x",
      type: "quantitative",
      title: place.last ? axisTitle(x.title, x.units) : null,
      scale: { domain: x.domain, nice: false, ...(x.log ? { type: "log" } : {}) },
      axis: {
        ...(x.log ? logAxis(x.domain) : linearAxis(x.domain)),
        ...(x.whole ? { tickMinStep: 1 } : {}),
        ...(place.last ? {} : { labels: false }),
      },
    },
    y: {
      field: "y",
      type: "quantitative",
      title: yTitle(panel, place.height + TITLE_OVERHANG),
      scale: { domain: scale.domain, nice: false, ...(scale.log ? { type: "log" } : { zero: false }) },
      axis: {
        ...(scale.log ? logAxis(scale.domain) : linearAxis(scale.domain)),
        titleLimit: place.height + TITLE_OVERHANG,
        ...(scale.log ? {} : { tickCount: Math.max(3, Math.round(place.height / 45)) }),
      },
    },
    color: {
      field: "line",
      type: "nominal",
      scale: { domain: drawn.map(({ id }) => id), range: drawn.map(({ color }) => color) },
      legend,
    },
  };
}

interface YScale {
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

/** The range of the y axis, from the lines of this run with their error bars and not from earlier ones. */
function yScale({ lines, precision, log }: Panel): YScale {
  const columns = lines.map(({ points }) => points.y.subarray(0, points.length));
  const [low, high] = rangeOf(
    lines.flatMap(({ points: { y, length }, errors }) => {
      if (!errors) return [y.subarray(0, length)];
      return [
        y.subarray(0, length).map((value, i) => value - (errors[i] ?? 0)),
        y.subarray(0, length).map((value, i) => value + (errors[i] ?? 0)),
      ];
    }),
  );
  const [lowest, highest] = rangeOf(columns);
  if (log !== false && lowest > 0 && (log || wantsLog(columns)))
    return { domain: [lowest / 1.5, highest * 1.5], log: true };
  if (isFlat(low, high, precision)) return { domain: rangeAround((low + high) / 2), log: false };
  return { domain: domainOf(low, high), log: false };
}

/**
 * The lines of earlier runs, which are drawn first, so that the new ones lie on top. One beside the range of x
 * would stand in the legend without being seen; one that leaves the range of y says so.
 */
function earlierLines(panel: Panel, x: readonly [number, number], [low, high]: readonly [number, number]): DrawnLine[] {
  const lines = panel.lines.flatMap(({ label, earlier = [] }) =>
    earlier.flatMap((before, age): DrawnLine[] => {
      if (!reaches(before.points, x)) return [];
      const name = panel.lines.length > 1 ? `${label}, ${before.label}` : before.label;
      const [bottom, top] = rangeOf([before.points.y.subarray(0, before.points.length)]);
      const beyond = [top > high ? "goes above" : "", bottom < low ? "goes below" : ""].filter(Boolean).join(", ");
      const fading = Math.round(Math.max(0.25, 0.9 - 0.12 * age) * 255).toString(16);
      const id = beyond ? `${name} (${beyond})` : name;
      return [{ id, color: `${EARLIER_COLOR}${fading}`, dash: [1, 0], points: before.points, line: undefined }];
    }),
  );
  return lines.reverse();
}

/** Whether a part of a line lies in the range of the x axis. */
function reaches({ x, length }: Points, [from, to]: readonly [number, number]): boolean {
  const [low, high] = rangeOf([x.subarray(0, length)]);
  return low <= to && high >= from;
}

function legendOf(
  panel: Panel,
  drawn: readonly DrawnLine[],
  current: readonly DrawnLine[],
  earlier: readonly DrawnLine[],
): object | null {
  const named = panel.lines.length > 1 ? current : drawn.length > 1 ? [...current, ...earlier.slice(-3).reverse()] : [];
  if (named.length === 0) return null;
  const widest = named.reduce((most, { id }) => Math.max(most, id.length), 1);
  return { values: named.map(({ id }) => id), columns: Math.max(1, Math.floor(WIDTH / (6 * widest + 30))) };
}

/** The errors of measured points, as bars or as a band. */
function errorLayers(
  lines: readonly DrawnLine[],
  encoding: { readonly x: object; readonly y: object; readonly color: object },
): object[] {
  const rows: object[] = [];
  for (const { id, points, line } of lines) {
    if (!line?.errors) continue;
    for (let i = 0; i < points.length; i++) {
      const [y, error] = [points.y[i] as number, line.errors[i] ?? Number.NaN];
      rows.push({ x: jsonNumber(points.x[i]), lo: jsonNumber(y - error), hi: jsonNumber(y + error), line: id });
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
function peakLayers({ at, width }: PeakWords, { x, y }: { readonly x: object; readonly y: object }): object[] {
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

/**
 * The title of the y axis. It takes two lines if one has no room, since a
 * title that is cut off would lose its unit.
 */
function yTitle({ title, units }: Panel, limit: number): string | readonly string[] | null {
  if (!title) return units ? plotText(units) : null;
  const line = axisTitle(title, units);
  return units && CHARACTER_WIDTH * line.length >= limit ? [plotText(title), plotText(units)] : line;
}

/** Name, x and y with their units, whole numbers in full. */
function tooltip(panel: Panel, x: LineSpecData["x"], lines: readonly DrawnLine[]): object[] {
  const whole = lines.every(({ points }) =>
    points.y.subarray(0, points.length).every((value) => Number.isSafeInteger(value) || Number.isNaN(value)),
  );
  return [
    ...(panel.lines.length > 1 ? [{ field: "line", type: "nominal", title: "signal" }] : []),
    { field: "x", type: "quantitative", title: axisTitle(x.title, x.units), format: x.whole ? "d" : ".5~g" },
    {
      field: "y",
      type: "quantitative",
      title: axisTitle(panel.title || "value", panel.units),
      format: whole ? "d" : ".5~g",
    },
  ];
}

/** Many lines as small plots, each with a y axis of its own. */
function smallMultiples({ x, panels, final = false }: LineSpecData, heading: object): PlotSpec {
  const lines = panels.flatMap(({ lines: all, title, units }) =>
    all.map((line) => ({ ...line, label: axisTitle(panels.length > 1 && title ? title : line.label, units) })),
  );
  const views = lines.map(({ label, points }) => {
    const [low, high] = rangeOf([points.y.subarray(0, points.length)]);
    const axis = (domain: readonly [number, number], tickCount: number) => ({
      ...linearAxis(domain),
      tickCount,
      title: null,
      minExtent: 26,
    });
    const domain = high > low ? domainOf(low, high) : rangeAround(low);
    const tip = (field: string, title: string) => ({ field, type: "quantitative", title, format: ".5~g" });
    return {
      title: { text: plotText(label.length > 20 ? `${label.slice(0, 19)}…` : label), fontSize: 11, offset: 2 },
      width: SMALL.width,
      height: SMALL.height,
      data: values([{ id: label, points, color: "", dash: [], line: undefined }]),
      mark: { type: "line", strokeWidth: 1.5, color: LINE_COLORS[0], clip: true, point: points.length === 1 },
      encoding: {
        x: {
          field: "x",
          type: "quantitative",
          scale: { domain: x.domain, nice: false, ...(x.log ? { type: "log" } : {}) },
          axis: { ...axis(x.domain, 3), grid: false },
        },
        y: { field: "y", type: "quantitative", scale: { domain, nice: false, zero: false }, axis: axis(domain, 2) },
        ...(final ? { tooltip: [tip("x", axisTitle(x.title, x.units)), tip("y", plotText(label))] } : {}),
      },
    };
  });
  return plotSpec({ ...heading, concat: views, columns: SMALL.columns, spacing: 12 });
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
