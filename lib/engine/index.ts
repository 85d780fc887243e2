export * from "./documents";
export type { AssetDoc, FlyerMembers, PartialEvent, PartialEventPage } from "./flyerStreams";
export type { StopPolicy } from "./hardware";
export { persistentMetadata } from "./persistentMetadata";
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
export type { PlanSource } from "./planSource";
export { planTime } from "./planTime";
export {
  makeRunEngine,
  type RunEngine,
  type RunEngineMembers,
  type RunEngineOptions,
  type Subscribe,
} from "./runEngine";
export type { RunControl } from "./runHandle";
export { RunHandle } from "./runHandle";
export { RunResult } from "./runResult";
export { type Row, RunTable } from "./runTable";
export type { Metadata, Preprocessor, RunEngineState, Settings, UserCommand } from "./settings";
export type { Suspender, Suspension } from "./suspender";
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
} from "./suspenders";
