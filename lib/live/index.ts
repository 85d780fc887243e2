export { LivePlot, type LivePlotOptions } from "./livePlot";
export { type FieldSource, LiveTable, type LiveTableOptions } from "./liveTable";
export { type Peak, PeakStats } from "./peakStats";
