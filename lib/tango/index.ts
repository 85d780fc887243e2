/**
 * Tango devices, attributes and commands as core devices and signals.
 *
 * Three chapters, from the bottom up: `giop/` speaks CORBA, `values/` converts what attributes and commands
 * hold, `link/` finds and follows devices. The files of this folder make devices and signals of them and may
 * use lib/core. Begin reading with `tangoSignal`.
 */

export type { TangoEvent, TangoPolling } from "./link/index";
export type { NamedMembers } from "./namedMembers";
export { generateTangoClass, type TangoClassOptions } from "./tangoClass";
export { TangoCommand, type TangoCommandTypes, tangoCommand } from "./tangoCommand";
export { TangoDevice, type TangoDeviceOptions } from "./tangoDevice";
export { type DevError, TangoError } from "./tangoError";
export { TangoMovable, type TangoMovableOptions } from "./tangoMovable";
export { tangoPipe } from "./tangoPipe";
export { type TangoSignalOptions, tangoSignalR, tangoSignalRw, tangoSignalW, tangoSignalX } from "./tangoSignal";
export {
  DEV_STATES,
  type DevState,
  type TangoArrayDatatype,
  type TangoBlob,
  type TangoDatatype,
  type TangoEncoded,
  type TangoNumbersAndStrings,
  type TangoScalarDatatype,
  type TangoValue,
} from "./values/index";
