/**
 * EPICS PVs as core signals and devices.
 *
 * From the bottom up: `search/` finds PVs, `ca/` and `pva/` speak the protocols, `values/` converts, `link/`
 * is one PV by either protocol, `signal/` makes signals, and the files of this folder and `areaDetector/` are
 * devices; `db/` reads database files, of which `epicsClass` makes class files. Begin reading with `signal/`.
 */

export {
  AreaDetector,
  AreaDetectorDriver,
  type AreaDetectorOptions,
  AreaDetectorWriter,
  type AreaDetectorWriterParts,
  AttributeSettings,
  type FrameAttribute,
  type FrameAttributeType,
  type FrameFormat,
  Hdf5Settings,
  type TriggerModes,
} from "./areaDetector/index";
export { type EpicsClassOptions, generateEpicsClass } from "./epicsClass";
export { EpicsError } from "./epicsError";
export { EpicsMotor, type EpicsMotorOptions } from "./epicsMotor";
export { EpicsMotorRecord, type MotorDirection, type MotorJog } from "./epicsMotorRecord";
export { EpicsPositioner, type EpicsPositionerOptions } from "./epicsPositioner";
export { type PvaCallOptions, pvaCall } from "./pvaCall";
export { EpicsDevice, type EpicsDeviceOptions } from "./signal/epicsDevice";
export {
  type EpicsPutOptions,
  type EpicsReadOptions,
  epicsSignalR,
  epicsSignalRw,
  epicsSignalRwRbv,
  epicsSignalW,
  epicsSignalX,
} from "./signal/epicsSignal";
export type { PutWait } from "./signal/epicsSignalBackend";
export type { EpicsDatatype, EpicsValue } from "./values/epicsDatatype";
export { EpicsImage } from "./values/epicsImage";
