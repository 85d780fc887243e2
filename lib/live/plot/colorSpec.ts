/** The Vega-Lite specification of points in colours, and the words about values in colours. */

import {
  axisTitle,
  HEIGHT,
  type PlotHeading,
  type PlotSpec,
  plotSpec,
  plotTitle,
  tickLabels,
  zoomParam,
} from "../../display/plotTheme";
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

/** A point with its value. */
export interface ColorPoint {
  readonly x: number;
  readonly y: number;
  readonly v: number;
}

/** All that a scatter plot shows. */
export interface ScatterSpecData extends Quantities {
  readonly points: readonly ColorPoint[];
  /** The ranges of all points, of which some may not be drawn. */
  readonly ranges: {
    readonly x: readonly [number, number];
    readonly y: readonly [number, number];
    readonly color: readonly [number, number];
  };
  readonly highest: ColorPoint | undefined;
  readonly whole: boolean;
  readonly zoom: boolean;
  readonly heading: PlotHeading;
}

/** Square pixels of all points together. */
const AREA = 60_000;

/** The specification of points in colours. */
export function scatterSpec({ x, y, color, points, ranges, highest, whole, zoom, heading }: ScatterSpecData): PlotSpec {
  const domains = { x: widened(ranges.x), y: widened(ranges.y) };
  const axis = (quantity: Quantity, field: "x" | "y") => {
    return {
      field,
      type: "quantitative",
      title: axisTitle(quantity.title, quantity.units),
      scale: { domain: domains[field], nice: false, zero: false },
      axis: { titleLimit: HEIGHT + 40, ...tickLabels(ranges[field]) },
    };
  };
  const tip = (field: string, { title, units }: Quantity, format: string) => ({
    field,
    type: "quantitative",
    title: axisTitle(title, units),
    format,
  });
  const place = { x: axis(x, "x"), y: axis(y, "y") };
  const tooltip = [
    tip("x", x, tooltipFormat(ranges.x)),
    tip("y", y, tooltipFormat(ranges.y)),
    tip("v", color, whole ? "d" : tooltipFormat(ranges.color)),
  ];
  const digits = { x: sentDigits(ranges.x), y: sentDigits(ranges.y), v: sentDigits(ranges.color) };
  const values = points.map((point) => ({
    x: jsonNumber(point.x, digits.x),
    y: jsonNumber(point.y, digits.y),
    v: jsonNumber(point.v, digits.v),
  }));
  const size = Math.round(Math.min(150, Math.max(12, AREA / Math.max(1, points.length))));
  const ring = (stroke: string, strokeWidth: number) => ({
    data: { values: highest ? [highest] : [] },
    mark: ringMark(size + 60, stroke, strokeWidth),
    encoding: { ...place, tooltip },
  });
  return plotSpec({
    ...plotTitle(heading),
    ...mapSize({ x, y }, domains.x, domains.y),
    layer: [
      {
        data: { values },
        mark: { type: "circle", size, opacity: 1, stroke: "#8a8f98", strokeWidth: 0.6, clip: true },
        encoding: {
          ...place,
          color: {
            field: "v",
            type: "quantitative",
            ...colorScale(ranges.color),
            legend: colorLegend(color, ranges.color, 260),
          },
          tooltip,
        },
        ...(zoom ? { params: [zoomParam()] } : {}),
      },
      ring("#000", 3),
      ring("#fff", 1.5),
    ],
  });
}

/** The mark around the highest value, of `size` square pixels. */
function ringMark(size: number, stroke: string, strokeWidth: number): object {
  return { type: "point", shape: "circle", filled: false, size, stroke, strokeWidth, opacity: 1, clip: true };
}

function widened([low, high]: readonly [number, number]): readonly [number, number] {
  const margin = (high - low) * 0.05 || Math.abs(low) * 0.1 || 1;
  return [low - margin, high + margin];
}

/** The highest value with its place, in words with units. */
export interface Highest {
  readonly value: string;
  readonly x: string;
  readonly y: string;
}

/** The highest value: `max 5353 counts at x 1.25 mm, y -0.5 mm`. */
export function highestWords({ x, y }: Quantities, { value, x: atX, y: atY }: Highest): string {
  return `max ${value} at ${x.title} ${atX}, ${y.title} ${atY}`;
}

/** The plot in words. @param measured the count, and the highest value with its place, in words with units */
export function colorWords(
  { x, y, color }: Quantities,
  measured?: { readonly count: string; readonly max: Highest },
): string {
  const name = ({ title, units }: Quantity): string => axisTitle(title, units);
  const axes = `${name(color)} over ${name(x)} and ${name(y)}`;
  if (!measured) return axes;
  return `${axes}, ${measured.count} · ${highestWords({ x, y, color }, measured.max)}`;
}
