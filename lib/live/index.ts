/**
 * Views of runs: they take documents and show them to the user while a run goes on. They use the documents of
 * an engine and the display, and no engine. Begin with bestEffortCallback.ts, the view that puts the others
 * together; what every view is made of is in view/.
 */

export { BestEffortCallback, type BestEffortOptions, type LivePart } from "./bestEffortCallback";
export {
  type FitErrors,
  type FitFunctionOptions,
  type FitLimits,
  type FitModel,
  type FitResult,
  type FitShapeName,
  type FittedLine,
  type FittedParameter,
  fitFunction,
  fitModels,
  LiveFit,
  type LiveFitOptions,
} from "./fit";
export { LiveDispatcher, type ProcessEventOptions } from "./liveDispatcher";
export type { LiveOptions } from "./liveOptions";
export { type Peak, PeakStats } from "./peaks";
export { type ErrorSources, LiveGrid, LivePlot, type LivePlotOptions, LiveScatter, type LogAxes } from "./plot";
export { renderPng } from "./plot/renderPng";
export type { PlottableTable } from "./plottedTable";
export {
  fit,
  type PlottableRun,
  plot,
  type RunFit,
  type RunFitOptions,
  type RunPlot,
} from "./runPlots";
export { LiveTable, type LiveTableOptions } from "./table";
export {
  type ComputedField,
  DocumentConsumer,
  type EventHandler,
  type FieldSource,
  RunRouter,
  type RunView,
} from "./view";
