/** A fit that is drawn in the plot of a run. */

import type { DrawnFit } from "../plot/lineOptions";
import type { Points } from "../view/series";
import type { StreamField } from "../view/streamFields";
import { errorsOf, type FitErrors, MOST_FITTED, sigmaOf } from "./fitData";
import type { FitModel } from "./fitModel";
import { fitShape } from "./fitShape";
import { curveOf, fittedTexts } from "./fittedShape";

/** Options of a fit in the plot of a run. */
export interface DrawnFitOptions {
  readonly errors?: FitErrors | undefined;
}

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
  const texts = fittedTexts(model, result, { x: axis, y: field }, { x, y, length: y.length });
  const named = texts.parameters.map(([name, text]) => `${name} ${text}`);
  const derived = texts.derived.map(([name, text]) => `${name} ${text}`);
  const shape = model.shape(model.parameters.map((name) => result.values[name] as number));
  const places = named.filter((_, i) => model.xParameters.includes(model.parameters[i] as string));
  return {
    name: model.name,
    words: [`${model.name}: ${named[0]}`, ...named.slice(1), ...derived].join(" · "),
    short: `${model.name}: ${(places.length > 0 ? places : named).slice(0, 2).join(" · ")}`,
    curve: (domain) => curveOf(shape, domain),
  };
}

const NO_POINTS: Points = { x: new Float64Array(0), y: new Float64Array(0), length: 0 };
