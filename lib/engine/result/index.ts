/**
 * The things that a user gets from a plan: its handle, its result, the tables of its data, and notices while
 * it waits for the user.
 *
 * This chapter uses `documents/` and `suspend/`. Begin reading with `runRecord`, which collects the documents
 * of a call; `runTable` holds the data of one stream, and `notices` has the texts.
 */

export type { Statistic } from "./columnStatistics";
export { DataTable, type InterpolateOptions, type RowData, type TableRow } from "./dataTable";
export { type Aggregation, GroupedTable } from "./groupedTable";
export { suspensionText } from "./notices";
export type { RunConfiguration } from "./runConfiguration";
export type { ExportFormat, ExportOptions, ImageChoice, ImageFrame, Pixels } from "./runExports";
export { type RunControl, RunHandle } from "./runHandle";
export { RunRecord } from "./runRecord";
export { RunResult } from "./runResult";
export { type Row, RunTable } from "./runTable";
export { provideRunViews, type RunDocuments, type RunPeaks, type RunViewsProvider } from "./runViews";
