/**
 * Plan stubs: the smallest parts of plans, as in bluesky's `plan_stubs`. Most stubs yield one message or a
 * few; they use the checks of arguments, and neither preprocessors nor scans. Begin with moveStubs.ts (`mv`)
 * and pointStubs.ts (`triggerAndRead`).
 */

export type { ReadableMotor } from "../arguments/deviceArguments";
export { type Configure, configure, prepare, stop, trigger } from "./deviceStubs";
export { dwell } from "./dwell";
export {
  broadcastMsg,
  cachingRepeater,
  checkpoint,
  clearCheckpoint,
  type Delay,
  deferredPause,
  type Group,
  type GroupOptions,
  inputPlan,
  null_,
  pause,
  repeat,
  repeater,
  sleep,
  type WaitOptions,
  wait,
  waitFor,
} from "./flowStubs";
export {
  type CollectOptions,
  type CollectWhileCompletingOptions,
  collect,
  collectWhileCompleting,
  complete,
  completeAll,
  kickoff,
  kickoffAll,
} from "./flyStubs";
export { type GateOptions, gate } from "./gate";
export { absSet, type Move, type MoveOptions, mov, mv, type SetGroupOptions } from "./moveStubs";
export {
  movePerStep,
  one1dStep,
  oneNdStep,
  oneShot,
  type PositionCache,
  type Step,
  type TakeReading,
  triggerAndRead,
} from "./pointStubs";
export { type LocateOptions, locate, rd, read, type ValueRead } from "./readStubs";
export { movr, mvr, type RelativeMove, relSet } from "./relativeStubs";
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
} from "./runStubs";
export { type Calibratable, setCurrentPosition } from "./setCurrentPosition";
export { applySettings, ensureConnected, storeSettings } from "./settingsStubs";
export { type SettleOptions, settle } from "./settle";
export { stage, stageAll, unstage, unstageAll } from "./stageStubs";
