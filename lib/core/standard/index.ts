/**
 * Devices that most control systems need, made of signals: read as a bundle, moved, flown, or taking frames.
 *
 * This chapter uses all others of lib/core. Begin reading with `standardReadable`, then `standardMovable`.
 */

export { type Arrival, type HasArrival, holdsArrival, isPlausible, isWithin, offTarget, settled } from "./arrival";
export { DerivedAxes, type DerivedSignals, derivedSignals } from "./derivedAxes";
export { applySettings, type DeviceSettings, getSettings, loadSettings, saveSettings } from "./deviceSettings";
export { type Flight, type FlyInfo, flightOf } from "./flight";
export { datedPath, numberedPath, type PathProvider } from "./pathProvider";
export type { OneValue, RecordedValue } from "./recordedValue";
export {
  type DetectorControl,
  type DetectorWriter,
  StandardDetector,
  type StreamAsset,
  type TriggerInfo,
} from "./standardDetector";
export { type FlyerLogic, type FlyerStep, StandardFlyer } from "./standardFlyer";
export { type MovableLogic, StandardMovable } from "./standardMovable";
export { type Format, type FormatOptions, leaveOut, type ReadErrorPolicy, StandardReadable } from "./standardReadable";
export { type Trapezoid, trapezoid } from "./trapezoid";
export { walkConfigSignals, walkDevices, walkRwSignals, walkSignalSources } from "./walk";
