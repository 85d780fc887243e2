export * from "./documents/documents";
export type { AssetDoc } from "./documents/externalAssets";
export type { FlyerMembers, PartialEvent, PartialEventPage } from "./documents/flyerStreams";
export { persistentMetadata } from "./documents/persistentMetadata";
export type { Metadata, Preprocessor, RunEngineState, Settings, UserCommand } from "./engineSettings";
export type { StopPolicy } from "./loop/hardware";
export type { PlanSource } from "./loop/planSource";
export { planTime } from "./loop/planTime";
export {
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
export type { RunControl } from "./result/runHandle";
export { RunHandle } from "./result/runHandle";
export { RunResult } from "./result/runResult";
export { type Row, RunTable } from "./result/runTable";
export {
  makeRunEngine,
  type RunEngine,
  type RunEngineMembers,
  type RunEngineOptions,
  type Subscribe,
} from "./runEngine";
export {
  SuspendBoolHigh,
  SuspendBoolLow,
  SuspendCeil,
  type SuspenderOptions,
  SuspendFloor,
  SuspendInBand,
  SuspendOutBand,
  SuspendWhen,
  SuspendWhenChanged,
  SuspendWhenOutsideBand,
  type ThresholdOptions,
  type WhenChangedOptions,
} from "./suspend/signalSuspenders";
export type { Suspender, Suspension } from "./suspend/suspension";
