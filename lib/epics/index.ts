export { EpicsError } from "./ca/epicsError";
export type { EpicsDatatype, EpicsValue } from "./epicsDatatype";
export { EpicsMotor } from "./epicsMotor";
export {
  type EpicsPutOptions,
  epicsSignalR,
  epicsSignalRw,
  epicsSignalRwRbv,
  epicsSignalW,
  epicsSignalX,
} from "./epicsSignal";
export type { PutWait } from "./epicsSignalBackend";
