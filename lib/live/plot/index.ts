/**
 * Fields of a stream as Vega-Lite plots: lines, grids and scattered points, each with a picture at its end.
 *
 * The view of the user (livePlot.ts, where to begin) makes a `PlotRun` for each run, which feeds the events
 * to a `StreamPlot` (linePlot.ts) and shows its frames through plotDisplay.ts. lineAxis.ts and quantities.ts
 * choose the titles and units of axes, and axisScale.ts their ranges. It uses what all views are made of,
 * and the words about peaks.
 */

export { ArrayPlot } from "./arrayPlot";
export { comparedLines } from "./comparedLines";
export { emptyPlot } from "./emptyPlot";
export { FileImagePlot } from "./fileImagePlot";
export { GridPlot } from "./gridPlot";
export { gridOf } from "./gridShape";
export { type ErrorSources, type LineChoices, type LogAxes, lineOptionsOf } from "./lineChoices";
export type { DrawnFit, LineOptions } from "./lineOptions";
export { LinePlot } from "./linePlot";
export { LiveGrid } from "./liveGrid";
export { LivePlot, type LivePlotOptions } from "./livePlot";
export { LiveScatter } from "./liveScatter";
export { bundleOf, PlotDisplay, type PlotFrame } from "./plotDisplay";
export { PlotRun, type StreamPlot } from "./plotRun";
export { PreviousRuns } from "./previousRuns";
export { renderPng } from "./renderPng";
export { ScatterPlot } from "./scatterPlot";
