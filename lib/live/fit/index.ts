/**
 * Fits shapes to lines while a run goes on. It takes first guesses from the peak of a line and draws by the
 * line plots. Begin with liveFit.ts; the shapes are in fitModels.ts.
 */

export { type DrawnFitOptions, drawnFit } from "./drawnFit";
export type { FitErrors } from "./fitData";
export { type FitFunctionOptions, type FitModel, type FittedLine, type FittedParameter, fitFunction } from "./fitModel";
export { type FitShapeName, fitModelOf, fitModels } from "./fitModels";
export { FitPlot, type LiveFitOptions } from "./fitPlot";
export type { FitLimits, FitResult } from "./fitShape";
export { LiveFit } from "./liveFit";
