/** Connecting and disposing several devices together. */

import { inspect } from "node:util";
import { UsageError } from "../../errors";
import { checkOptions } from "../../options";
import type { ConnectOptions, Device } from "./device";
import { NotConnectedError } from "./notConnectedError";

/**
 * Devices by key, which are closed together: by `await using devices = await initDevices({...})` or
 * `disposeDevices`.
 */
export type InitializedDevices<T> = T & { [Symbol.asyncDispose](): Promise<void> };

/**
 * Connects all devices at the same time and returns the same object. Devices without a name are named by
 * their key.
 *
 * @throws NotConnectedError with every device that failed and the reason; the other devices are closed again.
 * @throws UsageError before anything is connected, if a value is not a device.
 */
export async function initDevices<T extends Readonly<Record<string, Device>>>(
  devices: T,
  options: ConnectOptions = {},
): Promise<InitializedDevices<T>> {
  checkOptions("initDevices", options, { mock: true, timeout: true });
  const entries = Object.entries(devices);
  for (const [key, device] of entries) {
    if (typeof (device as Partial<Device> | undefined)?.connect !== "function") {
      throw new UsageError(`initDevices: ${key} is not a device but ${inspect(device, { depth: 0 })}`);
    }
  }
  try {
    await NotConnectedError.gather(entries.map(([key, device]) => [key, device.connect(options)]));
  } catch (error) {
    await disposeDevices(devices);
    throw error;
  } finally {
    for (const [key, device] of entries) if (device.name === "") device.setName(key);
  }
  Object.defineProperty(devices, Symbol.asyncDispose, { configurable: true, value: () => disposeDevices(devices) });
  return devices as InitializedDevices<T>;
}

/**
 * Closes what the devices hold open. All are closed even if some fail; then it rejects with the first
 * failure. It can be called more than once. When the kernel shuts down, devices with a connection close it
 * without this call.
 */
export async function disposeDevices(devices: Readonly<Record<string, Device>>): Promise<void> {
  const results = await Promise.allSettled(Object.values(devices).map((device) => device.dispose()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
