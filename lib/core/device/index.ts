/**
 * Devices: named things with children that connect, are displayed and are disposed together.
 *
 * This chapter uses `protocols` and `status`, and knows nothing of signals. Begin reading with `device`.
 */

export { type ConnectOptions, Device } from "./device";
export { limitsText, SETTABLE } from "./deviceDisplay";
export { DeviceVector } from "./deviceVector";
export { disposeDevices, type InitializedDevices, initDevices } from "./initDevices";
export { NotConnectedError } from "./notConnectedError";
