export type { TangoPolling } from "./link/poll";
export { TangoCommand, type TangoCommandTypes, tangoCommand } from "./tangoCommand";
export { TangoDevice, type TangoDeviceOptions } from "./tangoDevice";
export { type DevError, TangoError } from "./tangoError";
export { TangoMovable, type TangoMovableOptions } from "./tangoMovable";
export { type TangoSignalOptions, tangoSignalR, tangoSignalRw, tangoSignalW, tangoSignalX } from "./tangoSignal";
export type { TangoNumbersAndStrings } from "./values/argument";
export { DEV_STATES, type DevState } from "./values/deviceIdl";
export type {
  TangoArrayDatatype,
  TangoDatatype,
  TangoEncoded,
  TangoScalarDatatype,
  TangoValue,
} from "./values/tangoDatatype";
