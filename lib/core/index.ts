export { type ConnectOptions, Device } from "./device/device";
export { DeviceVector } from "./device/deviceVector";
export { disposeDevices, type InitializedDevices, initDevices } from "./device/initDevices";
export { NotConnectedError } from "./device/notConnectedError";
export { Msg, type Plan } from "./protocols/msg";
export {
  type Checkable,
  type Collectable,
  type Configurable,
  type DataKey,
  type DataKeys,
  type Flyable,
  type HasHints,
  type HasName,
  type HasParent,
  type Hints,
  hasHints,
  isCheckable,
  isCollectable,
  isConfigurable,
  isFlyable,
  isLocatable,
  isMovable,
  isPausable,
  isPreparable,
  isReadable,
  isStageable,
  isStatus,
  isStoppable,
  isSubscribable,
  isTriggerable,
  type LimitRange,
  type Locatable,
  type Location,
  type Movable,
  type Pausable,
  type Preparable,
  type Readable,
  type Reading,
  type Readings,
  type SetOptions,
  type Stageable,
  type StatusLike,
  type Stoppable,
  type Subscribable,
  type SyncOrAsync,
  type Triggerable,
  type WatcherUpdate,
} from "./protocols/protocols";
export {
  type DerivedOptions,
  derivedSignalR,
  derivedSignalRw,
  derivedSignals,
  type Transform,
  type ValuesOf,
} from "./signal/derivedSignal";
export { SubsetEnum, SupersetEnum, subsetEnum, supersetEnum } from "./signal/enumTypes";
export { callbackOnMockPut, mockPuts, mockPutsBlocked, setMockPutProceeds, setMockValue } from "./signal/mock";
export { callbackOnMockExecute, mockExecutions } from "./signal/mockCommand";
export {
  type Match,
  type ObserveOptions,
  observeSignals,
  observeValue,
  type SignalValue,
  waitForValue,
} from "./signal/observe";
export { type SetAndWaitOptions, setAndWaitForOtherValue, setAndWaitForValue } from "./signal/setAndWait";
export { Signal, SignalR, SignalRW, SignalW, SignalX } from "./signal/signal";
export type { DataKeyBody, Field, PutOptions, ReadOptions, Settle, SignalBackend } from "./signal/signalBackend";
export { type ArgumentGiven, SoftCommand, type SoftCommandOptions, softCommand } from "./signal/softCommand";
export {
  SoftSignalBackend,
  type SoftSignalOptions,
  softSignalRAndSetter,
  softSignalRw,
} from "./signal/softSignal";
export { type Watch, watch } from "./signal/watch";
export { applySettings, type DeviceSettings, getSettings, loadSettings, saveSettings } from "./standard/deviceSettings";
export type { FlyInfo } from "./standard/flight";
export { datedPath, numberedPath, type PathProvider } from "./standard/pathProvider";
export {
  type DetectorControl,
  type DetectorWriter,
  StandardDetector,
  type StreamAsset,
  type TriggerInfo,
} from "./standard/standardDetector";
export { type FlyerLogic, StandardFlyer } from "./standard/standardFlyer";
export { type MovableLogic, StandardMovable } from "./standard/standardMovable";
export { type Format, type FormatOptions, type ReadErrorPolicy, StandardReadable } from "./standard/standardReadable";
export { walkConfigSignals, walkDevices, walkRwSignals, walkSignalSources } from "./standard/walk";
export { type DeadlineOptions, TimeoutError } from "./status/deadline";
export { Status, WatchableStatus } from "./status/status";
