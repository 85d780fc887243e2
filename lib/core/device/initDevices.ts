import { inspect } from "node:util";
import { UsageError } from "../../errors";
import type { ConnectOptions, Device } from "./device";
import { NotConnectedError } from "./notConnectedError";

/** Devices by key, closed together: `await using devices = await initDevices({...})`, or `disposeDevices(devices)`. */
export type InitializedDevices<T> = T & { [Symbol.asyncDispose](): Promise<void> };

/**
 * Connects all devices side by side and returns the same object. A device that has no name then is named by its key.
 *
 * @throws NotConnectedError, a tree of every device that failed and why; the others are closed again.
 * @throws UsageError, before anything is connected, for what is no device
 */
export async function initDevices<T extends Readonly<Record<string, Device>>>(
  devices: T,
  options: ConnectOptions = {},
): Promise<InitializedDevices<T>> {
  const entries = Object.entries(devices);
  for (const [key, device] of entries)
    if (typeof (device as Partial<Device> | undefined)?.connect !== "function")
      throw new UsageError(`initDevices: ${key} is no device but ${inspect(device, { depth: 0 })}`);
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
 * Closes what the devices hold open. Every device is tried; disposing twice is fine. Devices with a connection do so themselves
 * when the kernel shuts down.
 */
export async function disposeDevices(devices: Readonly<Record<string, Device>>): Promise<void> {
  const results = await Promise.allSettled(Object.values(devices).map((device) => device.dispose()));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
