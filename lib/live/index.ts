export { BestEffortCallback, type Peaks } from "./bestEffortCallback";
export type { BestEffortOptions } from "./bestEffortRun";
export { type FitModel, type FitResult, fitModels, LiveFit, type LiveFitOptions } from "./fit";
export { type Peak, PeakStats } from "./peaks";
export { LiveGrid, LivePlot, type LivePlotOptions, LiveScatter } from "./plot";
export { LiveTable, type LiveTableOptions } from "./table";
export type { DocumentConsumer, FieldSource } from "./view";
