/** A fit that is drawn in the plot of a run. */

import { placeText } from "../../display/placeText";
import type { DrawnFit } from "../plot/lineOptions";
import type { Points } from "../view/series";
import type { StreamField } from "../view/streamFields";
import { errorsOf, type FitErrors, MOST_FITTED, sigmaOf } from "./fitData";
import type { FitModel } from "./fitModel";
import { quantityText } from "./fitPlot";
import { fitShape } from "./fitShape";

/** Options of a fit in the plot of a run. */
export interface DrawnFitOptions {
  readonly errors?: FitErrors | undefined;
}

/** Points of the curve. */
const CURVE_POINTS = 300;

/**
 * Fits a shape to the finite points of a line, of which evenly chosen ones are taken if there are very many.
 */
export function drawnFit(model: FitModel, options: DrawnFitOptions = {}) {
  return (points: Points, field: StreamField, axis: StreamField): DrawnFit =>
    fitTo(model, points, { field, axis }, options);
}

function fitTo(
  model: FitModel,
  points: Points,
  { field, axis }: { readonly field: StreamField; readonly axis: StreamField },
  { errors }: DrawnFitOptions,
): DrawnFit {
  const stride = Math.ceil(points.length / MOST_FITTED);
  const kept: number[] = [];
  for (let i = 0; i < points.length; i += stride)
    if (Number.isFinite(points.x[i]) && Number.isFinite(points.y[i])) kept.push(i);
  const x = Float64Array.from(kept, (i) => points.x[i] as number);
  const y = Float64Array.from(kept, (i) => points.y[i] as number);
  const sigma = sigmaOf(y, errorsOf(field, errors));
  const { result, problem } = fitShape(model, { x: [x], y, sigma });
  if (!result) {
    const words = `${model.name}: ${problem ?? "no fit yet"}`;
    return { name: model.name, words, short: words, curve: () => NO_POINTS };
  }
  const size = y.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const domain = [Math.min(...rangeIn(x)), Math.max(...rangeIn(x))] as const;
  const named = model.parameters.map((name) => {
    const units = model.xParameters.includes(name)
      ? axis.units
      : model.yParameters?.includes(name)
        ? field.units
        : undefined;
    return `${name} ${quantityText(result.values[name] as number, result.uncertainties[name] as number, units, size)}`;
  });
  const derived = Object.entries(result.derived).map(
    ([name, value]) => `${name} ${placeText(value, domain)}${axis.units ? ` ${axis.units}` : ""}`,
  );
  const shape = model.shape(model.parameters.map((name) => result.values[name] as number));
  const curve = ([low, high]: readonly [number, number]): Points => {
    const places = Float64Array.from({ length: CURVE_POINTS }, (_, i) => low + ((high - low) * i) / (CURVE_POINTS - 1));
    return { x: places, y: places.map((at) => shape(at)), length: CURVE_POINTS };
  };
  const places = named.filter((_, i) => model.xParameters.includes(model.parameters[i] as string));
  return {
    name: model.name,
    words: [`${model.name}: ${named[0]}`, ...named.slice(1), ...derived].join(" · "),
    short: `${model.name}: ${(places.length > 0 ? places : named).slice(0, 2).join(" · ")}`,
    curve,
  };
}

const NO_POINTS: Points = { x: new Float64Array(0), y: new Float64Array(0), length: 0 };

function rangeIn(values: Float64Array): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high];
}
