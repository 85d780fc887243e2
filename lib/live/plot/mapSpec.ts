/** The Vega-Lite specification of values in cells, as a picture of which every cell is one colour. */

import {
  axisTitle,
  HEIGHT,
  LINE_COLORS,
  MARKER_COLOR,
  type PlotHeading,
  type PlotSpec,
  plotSpec,
  plotText,
  plotTitle,
  tickLabels,
  zoomParam,
} from "../../display/plotTheme";
import type { CellAxis } from "./gridShape";
import { type CellValues, cellsUrl } from "./palettePng";
import {
  colorLegend,
  colorScale,
  jsonNumber,
  mapSize,
  type Quantities,
  type Quantity,
  sentDigits,
  tooltipFormat,
} from "./quantities";
import { rangeOf } from "./range";

/** One map: its cells and the place of the newest point. */
export interface MapPicture extends CellValues {
  /** The position on the other axes, for several maps side by side. */
  readonly title?: string | undefined;
  /** The cell that was measured last, marked while the run goes on. */
  readonly newest?: number | undefined;
}

/** What is drawn. */
export interface MapSpecData extends Quantities {
  readonly maps: readonly MapPicture[];
  readonly across: CellAxis;
  readonly up: CellAxis;
  /** The lowest and the highest of all values, the ends of the colours. */
  readonly range: readonly [number, number];
  /** Whether all values are whole numbers. */
  readonly whole: boolean;
  /** Whether cells have tooltips. */
  readonly tooltips: boolean;
  readonly zoom?: boolean;
  readonly heading: PlotHeading;
  /** Whether the y axis goes downwards, as the rows of an image. */
  readonly downwards?: boolean | undefined;
  /** A line above the map with the same x axis: the newest array of a waterfall. */
  readonly trace?: { readonly values: Float64Array; readonly quantity: Quantity } | undefined;
  /**
   * More maps, of which a slider in the page chooses: the title of the slider, and each choice with its maps.
   */
  readonly slider?: MapSlider | undefined;
}

/** Maps over the slowest axis of a grid, one choice for each of its positions. */
export interface MapSlider {
  readonly title: string;
  readonly choices: readonly { readonly title: string; readonly maps: readonly MapPicture[] }[];
  /** The choice that is shown first. */
  readonly first: number;
}

const COLUMNS = 4;
const TRACE_HEIGHT = 70;
/** Cells of a map that can have tooltips; more would make the output too large. */
const MOST_TOOLTIPS = 40_000;

/** The specification of one map, or of several side by side with common colours. */
export function mapSpec(data: MapSpecData): PlotSpec {
  const { maps, slider } = data;
  const [only, ...others] = maps;
  const cells = maps.reduce((sum, map) => sum + map.values.length, 0) * (slider?.choices.length ?? 1);
  const tooltips = data.tooltips && cells <= MOST_TOOLTIPS;
  const params = [...(tooltips ? valueParams(data) : []), ...(slider ? sliderParams(slider) : [])];
  const common = { ...titleWith(data), ...(params.length > 0 ? { params } : {}) };
  if (only && others.length === 0) {
    const view = oneMap(data, only, 0, { tooltips, legend: true });
    if (!data.trace) return plotSpec({ ...common, ...view });
    const vconcat = [traceView(data, data.trace), view];
    return plotSpec({ ...common, vconcat, spacing: 8, resolve: { scale: { x: "shared" } } });
  }
  const views = maps.map((map, i) => oneMap(data, map, i, { tooltips, legend: i === 0 }));
  return plotSpec({
    ...common,
    concat: views,
    columns: COLUMNS,
    spacing: 14,
    resolve: { scale: { color: "shared" } },
  });
}

/** The values of all cells, packed for the tooltips; with a slider a list for each of its choices. */
function valueParams({ maps, slider, range }: MapSpecData): object[] {
  const digits = sentDigits(range);
  const packed = (map: MapPicture | undefined) => Array.from(map?.values ?? [], (value) => jsonNumber(value, digits));
  return maps.map((map, i) => ({
    name: `z${i}`,
    value: slider ? slider.choices.map((choice) => packed(choice.maps[i])) : packed(map),
  }));
}

/** The slider, and the titles of its choices. */
function sliderParams({ title, choices, first }: MapSlider): object[] {
  // The page writes the number beside the slider, so it counts from 1; the title says the position.
  const name = `${plotText(title)}, position 1 to ${choices.length}: `;
  const bind = { input: "range", min: 1, max: choices.length, step: 1, name };
  return [
    { name: "slice", value: first + 1, bind },
    { name: "slices", value: choices.map((choice) => plotText(choice.title)) },
  ];
}

/** The heading; with a slider, its second line ends with the choice. */
function titleWith({ heading, slider }: MapSpecData): object {
  if (!slider) return plotTitle(heading);
  const { title } = plotTitle(heading) as { readonly title: { readonly subtitle: readonly string[] } };
  const lines = title.subtitle.map((line) => JSON.stringify(line)).join(", ");
  return { title: { ...title, subtitle: { expr: `[${lines}, slices[slice - 1]]` } } };
}

/** The newest array as a line above its waterfall. */
function traceView(data: MapSpecData, { values, quantity }: NonNullable<MapSpecData["trace"]>): object {
  const { across, up } = data;
  const { width } = mapSize(data, across.domain, up.domain);
  const digits = sentDigits(rangeOf([values]));
  const rows = Array.from(values, (value, i) => ({ X: across.first + i * across.step, v: jsonNumber(value, digits) }));
  const x = { ...axisOf({ ...data.x, title: "" }, across.domain, Math.max(2, Math.round(width / 70))) };
  return {
    width,
    height: TRACE_HEIGHT,
    data: { values: rows },
    mark: { type: "line", strokeWidth: 1.5, clip: true, color: LINE_COLORS[0] },
    encoding: {
      x: { ...x, field: "X", axis: { grid: true, labels: false, title: null } },
      y: {
        field: "v",
        type: "quantitative",
        title: quantity.units ? plotText(quantity.units) : "last",
        scale: { nice: false, zero: false },
        axis: { tickCount: 3 },
      },
    },
  };
}

function oneMap(
  data: MapSpecData,
  map: MapPicture,
  index: number,
  how: { readonly tooltips: boolean; readonly legend: boolean },
): object {
  const { across, up, range, maps, slider } = data;
  const small = maps.length > 1;
  const { width, height } = mapSize(data, across.domain, up.domain, small);
  const x = axisOf(data.x, across.domain, Math.max(4, Math.round(width / 70)));
  const y = axisOf(
    index % COLUMNS === 0 ? data.y : { ...data.y, title: "" },
    up.domain,
    Math.max(2, Math.round(height / 55)),
    data.downwards,
  );
  const [[left, right], [low, high]] = [across.domain, up.domain];
  const urlOf = (shown: MapPicture): string =>
    cellsUrl(oriented(shown, across.step > 0, up.step > 0 !== (data.downwards === true)), range, {
      width: 1.5 * width,
      height: 1.5 * height,
    });
  const chosen = slider?.choices.map((choice) => choice.maps[index] as MapPicture) ?? [map];
  const pictures = chosen.map((shown, s) => ({ a: left, b: right, c: low, d: high, url: urlOf(shown), s }));
  const picture = {
    data: { values: slider ? pictures : pictures.map(({ s, ...rest }) => rest) },
    ...sliced(slider),
    mark: { type: "image", aspect: false, clip: true },
    encoding: {
      x: { ...x, field: "a" },
      x2: { field: "b" },
      y: { ...y, field: "c" },
      y2: { field: "d" },
      url: { field: "url", type: "nominal" },
    },
    ...(isZoomed(data) ? { params: [zoomParam()] } : {}),
  };
  const color = {
    data: { values: range.map((v) => ({ v })) },
    mark: { type: "point", size: 0, opacity: 0 },
    encoding: { color: colorOf(data, how.legend, small ? 100 : Math.min(height, 260)) },
  };
  const place = { x, y, tip: tooltipOf(data) };
  return {
    ...(map.title === undefined ? {} : { title: plotText(map.title) }),
    width,
    height,
    view: { fill: "#8a8f9826", stroke: null },
    layer: [picture, color, ...(how.tooltips ? [hitCells(data, index, place)] : []), ...markers(data, chosen, place)],
  };
}

/** Keeps the rows of the chosen position of the slider. */
const sliced = (slider: MapSlider | undefined): object => (slider ? { transform: [CHOSEN] } : {});
const CHOSEN = { filter: "datum.s === slice - 1" };

/** Whether the map can be zoomed: several side by side cannot. */
const isZoomed = ({ zoom, maps }: MapSpecData): boolean => zoom === true && maps.length === 1;

interface Place {
  readonly x: object;
  readonly y: object;
  readonly tip: readonly object[];
}

/** Invisible cells that have the tooltips, made in the front end from the packed values. */
function hitCells({ across, up, slider }: MapSpecData, index: number, { x, y, tip }: Place): object {
  const [column, row] = [`datum.i % ${across.count}`, `floor(datum.i / ${across.count})`];
  return {
    data: { sequence: { start: 0, stop: across.count * up.count, as: "i" } },
    transform: [
      { calculate: slider ? `z${index}[slice - 1][datum.i]` : `z${index}[datum.i]`, as: "v" },
      { filter: "isValid(datum.v)" },
      { calculate: `${across.first} + (${column}) * ${across.step}`, as: "X" },
      { calculate: `${up.first} + ${row} * ${up.step}`, as: "Y" },
      { calculate: `datum.X - ${across.step / 2}`, as: "a" },
      { calculate: `datum.X + ${across.step / 2}`, as: "b" },
      { calculate: `datum.Y - ${up.step / 2}`, as: "c" },
      { calculate: `datum.Y + ${up.step / 2}`, as: "d" },
    ],
    mark: { type: "rect", clip: true, opacity: 0 },
    encoding: {
      x: { ...x, field: "a" },
      x2: { field: "b" },
      y: { ...y, field: "c" },
      y2: { field: "d" },
      tooltip: tip,
    },
  };
}

/** A ring around the highest cell, and a square around the newest one. */
function markers(data: MapSpecData, maps: readonly MapPicture[], { x, y, tip }: Place): object[] {
  const { across, up, slider } = data;
  const at = (map: MapPicture, cell: number, s: number) => {
    const [X, Y] = [
      across.first + (cell % across.count) * across.step,
      up.first + Math.floor(cell / across.count) * up.step,
    ];
    return { X, Y, v: map.values[cell], ...(slider ? { s } : {}), ...(isZoomed(data) ? { a: X, c: Y } : {}) };
  };
  const encoding = { x: { ...x, field: "X" }, y: { ...y, field: "Y" }, tooltip: tip };
  const ring = (stroke: string, strokeWidth: number, opacity: number) => ({
    type: "point",
    shape: "circle",
    size: 130,
    stroke,
    strokeWidth,
    opacity,
    filled: false,
    // A ring at the edge is seen whole. In a zoomed map, one outside of what is shown is filtered out.
    clip: false,
  });
  const highest = maps.flatMap((map, s) => {
    const cell = highestOf(map.values);
    return cell < 0 ? [] : [at(map, cell, s)];
  });
  const layers: object[] = [];
  if (highest.length > 0) {
    const filters = [...(slider ? [CHOSEN] : []), ...(isZoomed(data) ? [{ filter: { param: "zoom" } }] : [])];
    const common = { data: { values: highest }, ...(filters.length > 0 ? { transform: filters } : {}), encoding };
    layers.push({ ...common, mark: ring("#000", 3.5, 0.55) }, { ...common, mark: ring("#fff", 1.75, 1) });
  }
  const [first] = maps;
  if (first?.newest !== undefined) {
    const mark = { ...ring(MARKER_COLOR, 2.5, 1), shape: "square", size: 90 };
    layers.push({ data: { values: [at(first, first.newest, 0)] }, mark, encoding });
  }
  return layers;
}

function axisOf(
  { title, units }: Quantity,
  domain: readonly [number, number],
  tickCount: number,
  reverse = false,
): object {
  return {
    type: "quantitative",
    title: title ? axisTitle(title, units) : null,
    scale: { domain, nice: false, zero: false, ...(reverse ? { reverse } : {}) },
    axis: { grid: false, tickCount, titleLimit: HEIGHT + 40, ...tickLabels(domain) },
  };
}

function colorOf({ color, range }: MapSpecData, shown: boolean, length: number): object {
  return {
    field: "v",
    type: "quantitative",
    ...colorScale(range),
    legend: shown ? colorLegend(color, range, length) : null,
  };
}

/** The tooltip of a cell: its middle and its value, with names and units. */
function tooltipOf({ x, y, color, whole, across, up, range }: MapSpecData): object[] {
  const field = (name: string, { title, units }: Quantity, format: string) => ({
    field: name,
    type: "quantitative",
    title: axisTitle(title, units),
    format,
  });
  return [
    field("X", x, tooltipFormat(across.domain)),
    field("Y", y, tooltipFormat(up.domain)),
    field("v", color, whole ? "d" : tooltipFormat(range)),
  ];
}

/** The cells with the lowest positions first. */
function oriented(map: MapPicture, rightwards: boolean, upwards: boolean): CellValues {
  if (rightwards && upwards) return map;
  const { columns, rows } = map;
  const values = map.values.map((_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return map.values[
      (upwards ? row : rows - 1 - row) * columns + (rightwards ? column : columns - 1 - column)
    ] as number;
  });
  return { values, columns, rows };
}

/** The index of the highest value; -1 if there is none. */
export function highestOf(values: Float64Array): number {
  let best = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value) && (best < 0 || value > (values[best] as number))) best = i;
  }
  return best;
}
