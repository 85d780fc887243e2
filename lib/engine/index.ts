/**
 * The RunEngine in bluesky's words: runs plans, emits documents, pauses, suspends, and ends cleanly.
 *
 * lib/engine knows no control system; it uses lib/core and the ground floor only. Four chapters, from the
 * bottom up: `suspend/` (what holds plans), `documents/` (what a run says), `result/` (what the user gets)
 * and `loop/` (messages and commands). Above them are `planCall` (one `RE(plan)` as the user sees it) and
 * `runEngine`, where to begin reading. Only what is listed here is public.
 */

export type { SubscribeOptions } from "./documents/dispatcher";
export {
  type AssetDoc,
  type Datum,
  DOCUMENT_NAMES,
  type Document,
  type DocumentCallback,
  type DocumentMethods,
  type DocumentName,
  type DocumentReceiver,
  type DocumentTypes,
  type Event,
  type EventDescriptor,
  type EventPage,
  type ExitStatus,
  type FlyerMembers,
  type PartialEvent,
  type PartialEventPage,
  type ProvenanceOptions,
  persistentMetadata,
  provenance,
  type Resource,
  type RunStart,
  type RunStop,
  type StreamDatum,
  type StreamResource,
  type Subscriptions,
} from "./documents/index";
export type { Metadata, Preprocessor, RunEngineState, Settings, SettledMetadata, UserCommand } from "./engineSettings";
export { type PlanSource, planTime, type StopPolicy } from "./loop/index";
export {
  ConnectionLost,
  ConsumerFailed,
  FailedPause,
  FailedStatus,
  IllegalMessageSequence,
  InvalidCommand,
  NoReplayAllowed,
  PlanHalt,
  RequestAbort,
  RequestStop,
  WaitForTimeoutError,
} from "./planErrors";
export {
  type Aggregation,
  DataTable,
  type ExportFormat,
  type ExportOptions,
  GroupedTable,
  type ImageChoice,
  type ImageFrame,
  type InterpolateOptions,
  type Pixels,
  type Row,
  type RowData,
  type RunConfiguration,
  type RunControl,
  type RunDocuments,
  RunHandle,
  type RunPeaks,
  RunResult,
  RunTable,
  type Statistic,
  type TableRow,
} from "./result/index";
export { makeRunEngine } from "./runEngine";
export type { RunEngine, RunEngineMembers, RunEngineOptions, Subscribe } from "./runEngineMembers";
export {
  EndWhen,
  type EndWhenOptions,
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  type Suspender,
  type SuspenderOptions,
  SuspendFloor,
  SuspendInBand,
  SuspendOutBand,
  SuspendWhen,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
  type Suspension,
  type SuspensionPlan,
  type ThresholdOptions,
  type WhenChangedOptions,
} from "./suspend/index";
