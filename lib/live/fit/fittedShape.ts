/** What a fit found: its parameters in words with units, and its shape as a line. */

import { formatNumber, formatUncertain } from "../../display/number";
import { placeText } from "../../display/placeText";
import { rangeAround, rangeOf } from "../plot/range";
import type { Points } from "../view/series";
import type { StreamField } from "../view/streamFields";
import type { FitModel } from "./fitModel";
import type { FitResult } from "./fitShape";

/** The points of a fitted shape when it is drawn as a line. */
export const CURVE_POINTS = 300;
/** A parameter that is smaller than this part of the data counts as 0, from which rounding made it differ. */
const NEGLIGIBLE = 1e-10;

/** Values with their names, in words with units. */
type NamedTexts = readonly (readonly [name: string, text: string])[];

/** The parameters with their uncertainties, and the values that follow from them. */
export interface FittedTexts {
  readonly parameters: NamedTexts;
  readonly derived: NamedTexts;
}

/** What a fit found, in words. @param points the fitted ones */
export function fittedTexts<P extends string>(
  model: FitModel<P>,
  result: FitResult<P>,
  { x, y }: { readonly x: StreamField; readonly y: StreamField },
  points: Points,
): FittedTexts {
  const sizeX = sizeOf(points.x.subarray(0, points.length));
  const sizeY = sizeOf(points.y.subarray(0, points.length));
  const domain = xRangeOf(points);
  const parameters = model.parameters.map((name) => {
    const isOnX = model.xParameters.includes(name);
    const units = isOnX ? x.units : model.yParameters?.includes(name) ? y.units : undefined;
    const isNothing = Math.abs(result.values[name]) < NEGLIGIBLE * (isOnX ? sizeX : sizeY);
    const value = isNothing ? 0 : result.values[name];
    return [name, uncertainText(value, result.uncertainties[name], units, sizeY)] as const;
  });
  const derived = Object.entries(result.derived).map(
    ([name, value]) => [name, `${placeText(value, domain)}${x.units ? ` ${x.units}` : ""}`] as const,
  );
  return { parameters, derived };
}

/** The range of x, with some room around a single place. */
export function xRangeOf({ x, length }: Points): readonly [low: number, high: number] {
  const [low, high] = rangeOf([x.subarray(0, length)]);
  return low === high ? rangeAround(low) : [low, high];
}

/** A shape of one variable as a line. */
export function curveOf(shape: (x: number) => number, [low, high]: readonly [number, number]): Points {
  const x = Float64Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
  return { x, y: x.map((at) => shape(at)), length: CURVE_POINTS };
}

/** A value with its uncertainty, unless that is rounding only. */
function uncertainText(value: number, uncertainty: number, units: string | undefined, size: number): string {
  const exact = !(uncertainty > NEGLIGIBLE * Math.max(Math.abs(value), 1e-6 * size));
  const text = exact ? formatNumber(Number(value.toPrecision(5))) : formatUncertain(value, uncertainty);
  return units ? `${text} ${units}` : text;
}

/** The largest absolute value of a column. */
function sizeOf(column: Float64Array): number {
  const [low, high] = rangeOf([column]);
  return Math.max(Math.abs(low), Math.abs(high));
}
