export type { TangoNumbersAndStrings } from "./argument";
export { DEV_STATES, type DevState } from "./deviceIdl";
export type { TangoPolling } from "./poll";
export { TangoCommand, type TangoCommandTypes, tangoCommand } from "./tangoCommand";
export type { TangoArrayDatatype, TangoDatatype, TangoEncoded, TangoScalarDatatype, TangoValue } from "./tangoDatatype";
export { TangoDevice, type TangoDeviceOptions } from "./tangoDevice";
export { type DevError, TangoError } from "./tangoError";
export { TangoMovable, type TangoMovableOptions } from "./tangoMovable";
export { type TangoSignalOptions, tangoSignalR, tangoSignalRw, tangoSignalW, tangoSignalX } from "./tangoSignal";
