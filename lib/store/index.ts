/**
 * Runs that are kept: written while they happen, found again, and given to other tools.
 *
 * This folder uses `engine/documents`, `engine/result`, and the views and peaks of `live`, and knows nothing
 * of devices and plans. Its chapters, from the bottom up, are `files`, `reading`, `export`, `runs`, `search`,
 * `tiled` and `publish`; the index of each tells where to begin in it. Begin with `files`.
 */

export { type ExportTarget, exportRuns, type RunSource } from "./export/index";
export { type FailurePolicy, RunFiles, type RunFilesOptions } from "./files/index";
export { type FolderStore, folder } from "./folderStore";
export type { RunStore } from "./keepRuns";
export { openRuns } from "./openRuns";
export {
  DocumentPublisher,
  type DocumentSender,
  type DocumentSource,
  follow,
  type NatsOptions,
  nats,
  type PublishTarget,
  type ZmqOptions,
  zmq,
} from "./publish/index";
export { RunData, StoredRun } from "./runs/index";
export { RunList, type RunProblem, type RunQuery, Runs, type RunTime } from "./search/index";
export { TiledError, type TiledOptions, TiledRun, TiledRuns, type TiledStore, tiled, uploadRuns } from "./tiled/index";
