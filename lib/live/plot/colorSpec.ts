/** The Vega-Lite specification of values as colours, in the cells of a grid or at points. */

import { siQuantity } from "../../display/number";
import { axisTitle, type PlotSpec, plotSpec, tickFormat, WIDTH } from "../../display/plotTheme";
import type { StreamField } from "../view/streamFields";

/** The title of an axis, or of the colours, with its unit. */
export interface Quantity {
  readonly title: string;
  readonly units: string | undefined;
}

/** The titles of both axes and of the colours. */
export interface Quantities {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly color: Quantity;
}

/** The fields of a stream that are plotted. */
export interface ColorFields {
  readonly x: StreamField;
  readonly y: StreamField;
  readonly color: StreamField;
}

/** What is drawn. */
export interface ColorSpecData extends Quantities {
  /** The points with their values, or the lower corners of cells. */
  readonly values: readonly { readonly x: number; readonly y: number; readonly v: number }[];
  /** The size of the cells; undefined for points. */
  readonly cell?: { readonly width: number; readonly height: number };
  /** The range of the x axis; default: that of the values. */
  readonly xDomain?: readonly [number, number];
  /** The range of the y axis; default: that of the values. */
  readonly yDomain?: readonly [number, number];
}

const HEIGHT = 320;
/** Narrower than other plots, since the legend of the colours is on the right. */
const GRID_WIDTH = WIDTH - 80;

/** The specification of cells or points in colours. */
export function colorSpec(plot: ColorSpecData): PlotSpec {
  const { x, y, color, values, cell, xDomain, yDomain } = plot;
  const axis = (quantity: Quantity, field: "x" | "y", domain: readonly [number, number] | undefined) => ({
    field,
    type: "quantitative",
    title: axisTitle(quantity.title, quantity.units),
    scale: domain ? { domain, nice: false } : { zero: false },
    axis: { grid: !cell, titleLimit: HEIGHT + 40, ...formatOf(values.map((value) => value[field])) },
  });
  const legend = {
    type: "gradient",
    orient: "right",
    direction: "vertical",
    title: axisTitle(color.title, color.units),
    gradientLength: HEIGHT - 40,
    titleColor: "#80868f",
    titleFontWeight: 500,
    symbolType: "circle",
  };
  return plotSpec({
    width: GRID_WIDTH,
    height: HEIGHT,
    data: { values },
    ...(cell ? { transform: cellTransform(cell, xDomain, yDomain) } : {}),
    mark: cell
      ? { type: "rect", strokeWidth: 0.7, tooltip: true }
      : { type: "circle", size: 40, opacity: 1, tooltip: true },
    encoding: {
      x: axis(x, "x", xDomain),
      y: axis(y, "y", yDomain),
      ...(cell ? { x2: { field: "x2" }, y2: { field: "y2" } } : {}),
      color: { field: "v", type: "quantitative", scale: { scheme: "viridis", zero: false }, legend },
    },
  });
}

/**
 * Adds the upper corners of cells. They overlap a little, since the
 * background would show between them otherwise.
 */
function cellTransform(
  cell: { readonly width: number; readonly height: number },
  xDomain: readonly [number, number] = [0, 0],
  yDomain: readonly [number, number] = [0, 0],
): object[] {
  const overlap = ([low, high]: readonly [number, number], pixels: number): number => ((high - low) / pixels) * 0.6;
  const x = cell.width + Math.sign(cell.width) * overlap(xDomain, GRID_WIDTH);
  const y = cell.height + Math.sign(cell.height) * overlap(yDomain, HEIGHT);
  return [
    { calculate: `datum.x + ${x}`, as: "x2" },
    { calculate: `datum.y + ${y}`, as: "y2" },
  ];
}

/** The titles that the fields give to a plot. */
export function quantitiesOf({ x, y, color }: ColorFields): Quantities {
  const quantity = ({ key, units }: StreamField): Quantity => ({ title: key, units });
  return { x: quantity(x), y: quantity(y), color: quantity(color) };
}

/** The plot in words. @param measured the count in words and the values, of which the highest one is named */
export function colorWords(
  { x, y, color }: Quantities,
  measured?: { readonly count: string; readonly values: ColorSpecData["values"] },
): string {
  const name = ({ title, units }: Quantity): string => axisTitle(title, units);
  const axes = `${name(color)} over ${name(x)} and ${name(y)}`;
  if (!measured || measured.values.length === 0) return axes;
  const high = measured.values.reduce((most, { v }) => Math.max(most, v), Number.NEGATIVE_INFINITY);
  return `${axes}, ${measured.count} · max ${siQuantity(high, color.units, 4)}`;
}

function formatOf(values: readonly number[]): { readonly format?: string } {
  const format = tickFormat(Math.min(...values, 0), Math.max(...values, 0));
  return format ? { format } : {};
}
