export { BestEffortCallback, type BestEffortOptions, type Peaks } from "./bestEffortCallback";
export type { DocumentConsumer } from "./documentConsumer";
export type { FieldSource } from "./fields";
export { LiveGrid } from "./liveGrid";
export { LivePlot, type LivePlotOptions } from "./livePlot";
export { LiveScatter } from "./liveScatter";
export { LiveTable, type LiveTableOptions } from "./liveTable";
export { type Peak, PeakStats } from "./peakStats";
