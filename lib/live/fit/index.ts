/**
 * Fits shapes to lines while a run goes on. It takes first guesses from the peak of a line and draws by the
 * line plots. Begin with liveFit.ts; the shapes are in fitModels.ts.
 */

export { type FitModel, fitModels } from "./fitModels";
export type { LiveFitOptions } from "./fitPlot";
export type { FitResult } from "./fitShape";
export { LiveFit } from "./liveFit";
