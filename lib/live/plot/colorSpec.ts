/** The Vega-Lite specifications of values as colours: a grid of cells, or points anywhere. Pure data from pure data. */
import { siQuantity } from "../../display/number";
import { axisTitle, type PlotSpec, plotSpec, tickFormat, WIDTH } from "../../display/plotTheme";
import type { Field } from "../consumer/fields";

/** A name with its unit, for an axis or the colours. */
export interface Quantity {
  readonly title: string;
  readonly units: string | undefined;
}

export interface Quantities {
  readonly x: Quantity;
  readonly y: Quantity;
  readonly color: Quantity;
}

/** The fields of a stream that make such a plot. */
export interface ColorFields {
  readonly x: Field;
  readonly y: Field;
  readonly color: Field;
}

export interface ColorPlot extends Quantities {
  /** Points, or the lower corners of cells. */
  readonly values: readonly { readonly x: number; readonly y: number; readonly v: number }[];
  /** Size of the cells of a grid; without it, points. */
  readonly cell?: { readonly width: number; readonly height: number };
  readonly xDomain?: readonly [number, number];
  readonly yDomain?: readonly [number, number];
}

const HEIGHT = 320;
/** Room is left for the colours on the right. */
const GRID_WIDTH = WIDTH - 80;

export function colorSpec(plot: ColorPlot): PlotSpec {
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

/** The upper corners of cells, which overlap by a little: else the paper shines through between them. */
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

export function quantitiesOf({ x, y, color }: ColorFields): Quantities {
  const quantity = ({ key, units }: Field): Quantity => ({ title: key, units });
  return { x: quantity(x), y: quantity(y), color: quantity(color) };
}

/** The plot in words; with how many points and the maximum, if `measured`. */
export function colorWords(
  { x, y, color }: Quantities,
  measured?: { readonly count: string; readonly values: ColorPlot["values"] },
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
