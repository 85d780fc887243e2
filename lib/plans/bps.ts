/** Plan stubs: the smallest parts of plans, as in bluesky's `plan_stubs`. */

export { type SettleOptions, settle } from "./scans/settle";
export { dwell } from "./scans/timeScan";
export {
  absSet,
  type Configure,
  configure,
  type GroupOptions,
  type LocateOptions,
  locate,
  type Move,
  type MoveOptions,
  mov,
  mv,
  prepare,
  rd,
  read,
  type SetGroupOptions,
  stage,
  stageAll,
  stop,
  trigger,
  unstage,
  unstageAll,
  type ValueRead,
} from "./stubs/deviceStubs";
export {
  broadcastMsg,
  cachingRepeater,
  checkpoint,
  clearCheckpoint,
  type Delay,
  deferredPause,
  inputPlan,
  null_,
  pause,
  repeat,
  repeater,
  sleep,
  type WaitOptions,
  wait,
  waitFor,
} from "./stubs/flowStubs";
export {
  type CollectOptions,
  type CollectWhileCompletingOptions,
  collect,
  collectWhileCompleting,
  complete,
  completeAll,
  kickoff,
  kickoffAll,
} from "./stubs/flyStubs";
export { type GateOptions, gate } from "./stubs/gate";
export {
  movePerStep,
  one1dStep,
  oneNdStep,
  oneShot,
  type PositionCache,
  type ReadableMotor,
  type Step,
  type TakeReading,
  triggerAndRead,
} from "./stubs/pointStubs";
export { movr, mvr, type RelativeMove, relSet } from "./stubs/relativeStubs";
export {
  closeRun,
  create,
  type DeclareStreamOptions,
  declareStream,
  drop,
  installSuspender,
  monitor,
  openRun,
  type PlanMetadata,
  removeSuspender,
  save,
  subscribe,
  unmonitor,
  unsubscribe,
} from "./stubs/runStubs";
