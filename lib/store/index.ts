/**
 * Runs that are kept: written while they happen, found again, and given to other tools.
 *
 * This folder uses `engine/documents`, `engine/result`, and the views and peaks of `live`, and knows nothing
 * of devices and plans. Its chapters, from the bottom up: `files/` writes run files, `reading/` reads them,
 * also damaged ones, `export/` writes other formats, `runs/` is one run, `search/` finds it, `tiled/` writes
 * to and reads from a Tiled server (begin with `tiledWriter`), and `publish/` sends documents to brokers and
 * follows those of others (begin with `publishRuns`). Begin with `files/runFiles`: a full disk is handled
 * there and in `files/runFileWriter`.
 */

export { type ExportFormat, type ExportOptions, exportRuns } from "./export/exportRuns";
export type { ImageChoice } from "./export/nexus/nexusImages";
export type { RunSource } from "./export/runSource";
export { type FailurePolicy, RunFiles, type RunFilesOptions } from "./files/runFiles";
export { type FolderStore, folder } from "./folderStore";
export type { RunStore } from "./keepRuns";
export { openRuns } from "./openRuns";
export type { DocumentSource } from "./publish/documentSource";
export { follow } from "./publish/follow";
export { type NatsOptions, nats } from "./publish/natsTarget";
export type { DocumentSender, PublishTarget } from "./publish/publisher";
export { DocumentPublisher } from "./publish/publishRuns";
export { type ZmqOptions, zmq } from "./publish/zmqTarget";
export type { ImageFrame, Pixels } from "./reading/imageFiles";
export { type RunConfiguration, RunData } from "./runs/runData";
export { StoredRun } from "./runs/storedRun";
export type { RunProblem } from "./search/runFolder";
export { RunList } from "./search/runList";
export type { RunQuery, RunTime } from "./search/runQuery";
export { Runs } from "./search/runs";
export { type TiledOptions, type TiledStore, tiled } from "./tiled/tiledClient";
export { TiledError } from "./tiled/tiledError";
export { TiledRun } from "./tiled/tiledRun";
export { TiledRuns } from "./tiled/tiledRuns";
export { uploadRuns } from "./tiled/uploadRun";
