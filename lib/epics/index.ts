/**
 * EPICS PVs as core signals and devices.
 *
 * The chapter `ca/` speaks Channel Access. The files of this folder make signals and devices of PVs, and may
 * use lib/core. Begin reading with `epicsSignal`.
 */

export { EpicsError } from "./ca/index";
export type { EpicsDatatype, EpicsValue } from "./epicsDatatype";
export { EpicsMotor, type EpicsMotorOptions } from "./epicsMotor";
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
