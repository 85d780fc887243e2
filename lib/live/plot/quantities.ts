/** The quantities on the axes and in the colours of a plot, with the bar of colours. */

import { axisTitle, HEIGHT, MAP_WIDTH, tickLabels } from "../../display/plotTheme";
import type { StreamField } from "../view/streamFields";
import { COLOR_STOPS } from "./palettePng";

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

/** The titles that the fields give to a plot. */
export function quantitiesOf({ x, y, color }: ColorFields): Quantities {
  const quantity = ({ key, units }: StreamField): Quantity => ({ title: key, units });
  return { x: quantity(x), y: quantity(y), color: quantity(color) };
}

/** The colours of values from the lowest to the highest. */
export function colorScale(range: readonly [number, number]): object {
  return { scale: { domain: range, range: COLOR_STOPS, nice: false, zero: false, clamp: true } };
}

/** The bar of colours beside a plot. */
export function colorLegend(
  { title, units }: Quantity,
  range: readonly [number, number],
  gradientLength: number,
): object {
  return {
    type: "gradient",
    orient: "right",
    direction: "vertical",
    title: axisTitle(title, units),
    titleFontWeight: 500,
    titleFontSize: 12,
    titleOrient: "right",
    titleLimit: 300,
    gradientLength,
    gradientThickness: 12,
    gradientOpacity: 1,
    tickCount: 5,
    ...tickLabels(range),
  };
}

const SMALL_MAP = 100;

/**
 * The size of a map or a scatter plot: equal units are equally long on both axes, unless it would become a
 * line.
 */
export function mapSize(
  { x, y }: Pick<Quantities, "x" | "y">,
  across: readonly [number, number],
  up: readonly [number, number],
  small = false,
): { readonly width: number; readonly height: number } {
  const [width, height] = small ? [SMALL_MAP, SMALL_MAP] : [MAP_WIDTH, HEIGHT];
  if (x.units === undefined || x.units !== y.units) return { width, height };
  const [wide, tall] = [across[1] - across[0], up[1] - up[0]];
  const scale = Math.min(width / wide, height / tall);
  const least = small ? 30 : 60;
  return { width: Math.max(least, Math.round(scale * wide)), height: Math.max(least, Math.round(scale * tall)) };
}

/** Significant digits of the numbers that are sent, if their range is as large as they are. */
const SENT = 7;
/** Significant digits of the numbers in tooltips, in the same case. */
const SHOWN = 5;

/** A number for JSON: whole ones exactly, others with these significant digits; null for none. */
export function jsonNumber(value: number | undefined, digits = SENT): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(digits));
}

/** The significant digits that numbers of a range need so that all of them are seen at their places. */
export function sentDigits(range: readonly [number, number]): number {
  return Math.min(17, SENT + sharedDigits(range));
}

/** The format of numbers of a range in tooltips, which tells neighbours apart. */
export function tooltipFormat(range: readonly [number, number]): string {
  return `.${Math.min(15, SHOWN + sharedDigits(range))}~g`;
}

/** How many digits all numbers of a narrow range have in common: 4 for 7112.1 to 7112.9. */
function sharedDigits([low, high]: readonly [number, number]): number {
  const part = (high - low) / Math.max(Math.abs(low), Math.abs(high));
  return part > 0 && part < 1 ? Math.round(-Math.log10(part)) : 0;
}
