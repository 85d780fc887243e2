/**
 * Writes runs in the formats of other tools: CSV, JSON, Parquet, Arrow and NeXus.
 *
 * This chapter uses `files` and `reading`. Begin reading with `exportRuns`, which chooses the format by the
 * name of the file; `collectRun` sorts the documents into streams, and `columnKind` decides the type of a
 * column; `runExporter` exports each run of an engine. Each format has a file of its own, and NeXus the
 * folder `nexus`.
 */

export { exportRuns } from "./exportRuns";
export { type ExportTarget, RunExporter } from "./runExporter";
export type { RunSource } from "./runSource";
