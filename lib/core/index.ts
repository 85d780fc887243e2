export { type DeadlineOptions, TimeoutError } from "./deadline";
export {
  type DerivedOptions,
  derivedSignalR,
  derivedSignalRw,
  derivedSignals,
  type Transform,
  type ValuesOf,
} from "./derivedSignal";
export { type ConnectOptions, Device } from "./device";
export { DeviceVector } from "./deviceVector";
export { SubsetEnum, SupersetEnum, subsetEnum, supersetEnum } from "./enumTypes";
export type { FlyInfo } from "./flight";
export { disposeDevices, type InitializedDevices, initDevices } from "./initDevices";
export { callbackOnMockPut, mockPuts, mockPutsBlocked, setMockPutProceeds, setMockValue } from "./mock";
export { callbackOnMockExecute, mockExecutions } from "./mockCommand";
export * from "./msg";
export { NotConnectedError } from "./notConnectedError";
export {
  type Match,
  type ObserveOptions,
  observeSignals,
  observeValue,
  type SignalValue,
  waitForValue,
} from "./observe";
export { datedPath, numberedPath, type PathProvider } from "./pathProvider";
export * from "./protocols";
export { type SetAndWaitOptions, setAndWaitForOtherValue, setAndWaitForValue } from "./setAndWait";
export { applySettings, type DeviceSettings, getSettings, loadSettings, saveSettings } from "./settings";
export { Signal, SignalR, SignalRW, SignalW, SignalX } from "./signal";
export type { DataKeyBody, Field, PutOptions, ReadOptions, SignalBackend } from "./signalBackend";
export { type ArgumentGiven, SoftCommand, type SoftCommandOptions, softCommand } from "./softCommand";
export {
  type Settle,
  SoftSignalBackend,
  type SoftSignalOptions,
  softSignalRAndSetter,
  softSignalRw,
} from "./softSignal";
export {
  type DetectorControl,
  type DetectorWriter,
  StandardDetector,
  type StreamAsset,
  type TriggerInfo,
} from "./standardDetector";
export { type FlyerLogic, StandardFlyer } from "./standardFlyer";
export { type MovableLogic, StandardMovable } from "./standardMovable";
export { type Format, type FormatOptions, type ReadErrorPolicy, StandardReadable } from "./standardReadable";
export { Status, WatchableStatus } from "./status";
export { walkConfigSignals, walkDevices, walkRwSignals, walkSignalSources } from "./walk";
export { type Watch, watch } from "./watch";
