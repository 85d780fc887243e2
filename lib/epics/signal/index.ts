/**
 * Signals of PVs, and devices that consist of them.
 *
 * `epicsSignal` makes signals, `epicsSignalBackend` is what they need of their PV, and `epicsDevice` is a
 * device of PVs with the same prefix. This chapter uses `link/` and `values/`, and the signals and devices
 * of lib/core. Begin reading with `epicsSignal`.
 */

export { EpicsDevice, type EpicsDeviceOptions } from "./epicsDevice";
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
