/**
 * EPICS PVs as core signals and devices.
 *
 * The chapter `ca/` speaks Channel Access and `pva/` speaks pvAccess; both find their servers by `search/`. The
 * files of this folder make signals and devices of PVs: `caLink` and `pvaLink` are one PV each, as
 * `epicsSignalBackend` uses it, and the files `nt...` convert the structures of pvAccess. `db/` reads database
 * files, of which `epicsClass` makes class files. Begin reading with `epicsSignal`.
 */

export {
  AreaDetector,
  AreaDetectorDriver,
  type AreaDetectorOptions,
  AreaDetectorWriter,
  type TriggerModes,
} from "./areaDetector/index";
export { type EpicsClassOptions, generateEpicsClass } from "./epicsClass";
export type { EpicsDatatype, EpicsValue } from "./epicsDatatype";
export { EpicsDevice, type EpicsDeviceOptions } from "./epicsDevice";
export { EpicsError } from "./epicsError";
export { EpicsImage } from "./epicsImage";
export { EpicsMotor, type EpicsMotorOptions } from "./epicsMotor";
export { EpicsMotorRecord, type MotorDirection, type MotorJog } from "./epicsMotorRecord";
export { EpicsPositioner, type EpicsPositionerOptions } from "./epicsPositioner";
export {
  type EpicsPutOptions,
  type EpicsReadOptions,
  epicsSignalR,
  epicsSignalRw,
  epicsSignalRwRbv,
  epicsSignalW,
  epicsSignalX,
} from "./epicsSignal";
export type { PutWait } from "./epicsSignalBackend";
export { type PvaCallOptions, pvaCall } from "./pvaCall";
