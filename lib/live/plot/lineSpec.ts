/** The Vega-Lite specification of lines in panels one below the other, with words below them as bands. */

import {
  axisTitle,
  EARLIER_COLOR,
  HEIGHT,
  LINE_COLORS,
  LINE_DASHES,
  type PlotSpec,
  plotSpec,
  plotText,
  plotTitle,
  tickLabels,
  WIDTH,
  zoomParam,
} from "../../display/plotTheme";
import { isFlat } from "../peaks/isFlat";
import type { Points } from "../view/series";
import { domainOf, FREE, logAxis, wantsLog } from "./axisScale";
import { bandView } from "./bandSpec";
import { type DrawnLine, type LineSpecData, type Panel, rowsOf } from "./lineData";
import { errorLayers, highestLayers, LABEL_ROOM, labelLayers, peakLayers } from "./lineLayers";
import { tooltipFormat } from "./quantities";
import { rangeAround, rangeOf } from "./range";
import { smallMultiples } from "./smallMultiples";

/** The largest number of points of a line whose points are marked. */
const MOST_MARKED = 200;
/** Lines of a panel from which their names stand at their right ends. */
const LABELS_FROM = 7;
/** Lines, and panels, from which each line has a small plot of its own. */
const MULTIPLES_FROM = { lines: 13, panels: 5 };
/** The height of panels one below the other, together. */
const STACK_HEIGHT = 300;
const PANEL_SPACING = 14;
/** About as many ticks of the x axis: more would have labels without room. */
const X_TICKS = 8;
/** The number of pixels by which the title of the y axis may be longer than the axis. */
const TITLE_OVERHANG = 40;
/**
 * The width of a character in pixels that Vega assumes if it has no canvas,
 * as in our pictures: 0.8 of the font size.
 */
const CHARACTER_WIDTH = 9.6;

/** The specification of lines in panels that share their x axis, with rows of words below them. */
export function lineSpec(data: LineSpecData): PlotSpec {
  const { x, panels, bands = [], title, final = false } = data;
  const heading = title ? plotTitle(title) : {};
  if (areMany(panels.map(({ lines }) => lines))) return smallMultiples(data);
  const height = panels.length > 1 ? Math.max(70, Math.round(STACK_HEIGHT / panels.length) - PANEL_SPACING) : HEIGHT;
  const isLast = (i: number): boolean => i === panels.length - 1 && bands.length === 0;
  const views: object[] = panels.map((panel, i) =>
    panelSpec(panel, x, {
      height,
      last: isLast(i),
      final,
      alone: panels.length === 1 && !title,
      legend: i === 0 || !namesNothingNew(panel, panels[i - 1] as Panel),
    }),
  );
  if (bands.length > 0) views.push(bandView(bands, xEncoding(x, true), x.domain, final));
  if (views.length === 1) return plotSpec({ ...heading, ...views[0] });
  return plotSpec({ ...heading, vconcat: views, spacing: PANEL_SPACING, resolve: { scale: { color: "independent" } } });
}

/**
 * Whether there are too many panels, or lines in them, so that each line is a small plot with its own axis.
 */
export function areMany(panels: readonly (readonly unknown[])[]): boolean {
  return panels.length >= MULTIPLES_FROM.panels || panels.flat().length >= MULTIPLES_FROM.lines;
}

interface Place {
  readonly height: number;
  readonly last: boolean;
  readonly final: boolean;
  /** Whether the words about the peak are the title of the panel. */
  readonly alone: boolean;
  /** Whether the panel has a legend: one below another with the same lines has none. */
  readonly legend: boolean;
}

/**
 * Whether a panel has the same lines as the one above it, and no earlier runs, which may lie beyond its axis.
 */
function namesNothingNew({ lines }: Panel, above: Panel): boolean {
  if (lines.some(({ earlier = [] }) => earlier.length > 0) || lines.length !== above.lines.length) return false;
  return lines.every(({ label }, i) => label === above.lines[i]?.label);
}

function panelSpec(panel: Panel, x: LineSpecData["x"], place: Place): object {
  const own = panel.lines.map(
    (line, i): DrawnLine => ({
      id: line.label,
      color: LINE_COLORS[i % LINE_COLORS.length] as string,
      dash: LINE_DASHES[Math.floor(i / LINE_COLORS.length) % LINE_DASHES.length] as readonly number[],
      points: line.points,
      line,
    }),
  );
  const scale = yScale(panel);
  const named = withOwnNames([...own, ...earlierLines(panel, x.domain, scale.domain)]);
  const [current, earlier] = [named.slice(0, own.length), named.slice(own.length)];
  const drawn = [...earlier, ...current];
  const measured = current.filter(({ line }) => !line?.curve);
  const labels = panel.lines.length >= LABELS_FROM;
  const marked = measured.every(({ points }) => points.length <= MOST_MARKED);
  const encoding = encodingOf(panel, x, place, {
    scale,
    drawn,
    legend: labels || !place.legend ? null : legendOf(drawn, current, earlier),
  });
  const rows = rowsOf(measured);
  const lines = {
    data: drawn.length === measured.length ? rows : rowsOf(drawn),
    mark: {
      type: "line",
      // Points are joined in the order of measurement, or a loop of a field becomes a zigzag along x.
      order: false,
      strokeWidth: 1.5,
      clip: true,
      ...(panel.steps ? { interpolate: "step-after" } : {}),
    },
    encoding: { ...encoding, ...(panel.lines.length > LINE_COLORS.length ? dashesOf(drawn) : {}) },
    ...(place.final ? { params: [zoomParam(place.alone || place.last ? ["x", "y"] : ["x"])] } : {}),
  };
  const points = { data: rows, mark: { type: "point", filled: true, size: 24, opacity: 1, clip: true }, encoding };
  return {
    width: labels ? WIDTH - LABEL_ROOM : WIDTH,
    height: place.height,
    layer: [
      lines,
      ...errorLayers(current, encoding, scale.log ? scale.domain[0] : undefined),
      ...(marked ? [points] : []),
      ...(place.final ? [tooltipLayer(rows, { ...encoding, tooltip: tooltip(panel, x, measured) })] : []),
      ...(panel.peak ? peakLayers(panel.peak, encoding) : []),
      ...(panel.highest ? highestLayers(panel.highest, encoding) : []),
      ...(labels ? labelLayers(current, scale, place.height) : []),
    ],
  };
}

/** Unseen marks around the points, so that a tooltip opens near a point. */
function tooltipLayer(data: object, encoding: object): object {
  return { data, mark: { type: "point", filled: true, size: 180, opacity: 0, clip: true }, encoding };
}

/** Lines of the same name would be joined to one line, so later ones get a number. */
function withOwnNames(lines: readonly DrawnLine[]): DrawnLine[] {
  const used = new Map<string, number>();
  return lines.map((line) => {
    const times = (used.get(line.id) ?? 0) + 1;
    used.set(line.id, times);
    return times === 1 ? line : { ...line, id: `${line.id} (${times})` };
  });
}

/** The encoding that tells apart lines of the same colour by their dashes. */
function dashesOf(drawn: readonly DrawnLine[]): object {
  return {
    strokeDash: {
      field: "line",
      type: "nominal",
      scale: { domain: drawn.map(({ id }) => id), range: drawn.map(({ dash }) => dash) },
      legend: null,
    },
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
    x: xEncoding(x, place.last),
    y: {
      field: "y",
      type: "quantitative",
      title: yTitle(panel, place.height + TITLE_OVERHANG),
      scale: {
        domain: scale.domain,
        nice: false,
        ...(panel.limits ? {} : { padding: FREE.y }),
        ...(scale.log ? { type: "log" } : { zero: false }),
      },
      axis: {
        ...(scale.log ? logAxis(scale.domain) : tickLabels(scale.domain)),
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

/** The x axis, with its title and labels if it is the last one of a stack. */
function xEncoding(x: LineSpecData["x"], last: boolean) {
  return {
    field: "x",
    type: "quantitative",
    title: last ? axisTitle(x.title, x.units) : null,
    scale: {
      domain: x.domain,
      nice: false,
      ...(x.exact ? {} : { padding: FREE.x }),
      ...(x.log ? { type: "log" } : {}),
    },
    axis: {
      ...(x.log ? logAxis(x.domain) : tickLabels(x.domain)),
      ...(x.log ? {} : { tickCount: X_TICKS }),
      ...(x.whole ? { tickMinStep: 1 } : {}),
      ...(last ? {} : { labels: false }),
    },
  };
}

interface YScale {
  readonly domain: readonly [number, number];
  readonly log: boolean;
}

/** The range of the y axis, from the lines of this run with their error bars and not from earlier ones. */
function yScale({ lines, precision, log, limits }: Panel): YScale {
  if (limits) return { domain: limits, log: log === true && limits[0] > 0 };
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
 * The lines of earlier runs, which are drawn first, so that the new ones lie on top. One beside the range of
 * x would stand in the legend without being seen; one that leaves the range of y says so.
 */
function earlierLines(panel: Panel, x: readonly [number, number], [low, high]: readonly [number, number]): DrawnLine[] {
  const measured = panel.lines.filter(({ curve }) => !curve).length;
  const lines = panel.lines.flatMap(({ label, earlier = [] }) =>
    earlier.flatMap((before, age): DrawnLine[] => {
      if (!reaches(before.points, x)) return [];
      const name = measured > 1 ? `${label}, ${before.label}` : before.label;
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
  drawn: readonly DrawnLine[],
  current: readonly DrawnLine[],
  earlier: readonly DrawnLine[],
): object | null {
  const measured = current.filter(({ line }) => !line?.curve);
  const named = measured.length > 1 ? current : drawn.length > 1 ? [...current, ...earlier.slice(-3).reverse()] : [];
  if (named.length === 0) return null;
  const widest = named.reduce((most, { id }) => Math.max(most, id.length), 1);
  return { values: named.map(({ id }) => id), columns: Math.max(1, Math.floor(WIDTH / (6 * widest + 30))) };
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
    {
      field: "x",
      type: "quantitative",
      title: axisTitle(x.title, x.units),
      format: x.whole ? "d" : tooltipFormat(x.domain),
    },
    {
      field: "y",
      type: "quantitative",
      title: axisTitle(panel.title || "value", panel.units),
      format: whole ? "d" : tooltipFormat(rangeOf(lines.map(({ points }) => points.y.subarray(0, points.length)))),
    },
  ];
}
