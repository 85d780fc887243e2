/**
 * Runs a notebook again: with its nodes, or from a recording of what they sent.
 *
 * `record` writes what this process and its nodes send; `replay` lets the recording replace clock, network
 * and nodes, and `twin` lets simulated nodes replace them. `follow` serves a recording to other clients,
 * `verify` compares two runs, and `lock` keeps descriptions. Begin with `format`, the text of a recording.
 * These names are public.
 */

export {
  type FollowingNode,
  type FollowOptions,
  type RecordingProxy,
  startFollowing,
  startRecordingProxy,
} from "./follow/index";
export {
  nodeKey,
  parseRecording,
  type RecordedLine,
  type RecordedSign,
  type Recording,
  readRecording,
  recordedNodes,
} from "./format/index";
export {
  type LockDifference,
  type LockedNode,
  lockDrift,
  lockDriftText,
  type NodeLock,
  readNodeLock,
  writeNodeLock,
} from "./lock/index";
export { currentRecording, type RecordOptions, type RunningRecording, startRecording } from "./record/index";
export {
  type CellGlobals,
  currentReplay,
  ExactReplay,
  type ExactReplayOptions,
  type ReplayOptions,
  type RunningReplay,
  startReplay,
  useCellGlobals,
} from "./replay/index";
export { currentSimulation, type RunningSimulation, type SimulationOptions, startSimulation } from "./twin/index";
export {
  type ComparedCell,
  descriptionDifferences,
  isSame,
  type NamedDocument,
  type OutputComparison,
  outputDifferences,
  type RunComparison,
  refuseSimulatedRecording,
  runDifferences,
  type VerifyFindings,
  verifyHtml,
  verifyText,
  versionDifferences,
} from "./verify/index";
