/** Stubs for settings and connections of devices: `applySettings` and its kin as parts of a plan. */

import { type ConnectOptions, Device, initDevices } from "../../core/device/index";
import type { Plan } from "../../core/protocols/msg";
import * as settings from "../../core/standard/deviceSettings";
import { UsageError } from "../../errors";
import { plan } from "../plan";
import { waitFor } from "./flowStubs";

/**
 * Sets all signals that differ from the settings, at the same time:
 * `yield* bps.applySettings(cryo, settings)`.
 * @returns the paths of the signals that were set
 */
export const applySettings = plan(
  "applySettings",
  function* (device: Device, wanted: settings.DeviceSettings | string): Plan<readonly string[]> {
    const apply = async () =>
      settings.applySettings(device, typeof wanted === "string" ? await settings.loadSettings(wanted) : wanted);
    const [paths = []] = yield* waitFor([apply]);
    return paths;
  },
);

/**
 * Reads the settings of a device and keeps them in a YAML file, if one is given.
 * @param options With `onlyConfig`, only signals that are recorded as configuration. Default false.
 * @returns the settings, for a later `applySettings`
 */
export const storeSettings = plan(
  "storeSettings",
  function* (
    device: Device,
    file?: string,
    options: { readonly onlyConfig?: boolean } = {},
  ): Plan<settings.DeviceSettings> {
    const store = async () => {
      const found = await settings.getSettings(device, options);
      if (file !== undefined) await settings.saveSettings(file, found);
      return found;
    };
    const [found = new Map()] = yield* waitFor([store]);
    return found;
  },
);

/** Devices with the keys that name the unnamed ones, or one device or a list of devices that have names. */
type DevicesGiven = Device | readonly Device[] | Readonly<Record<string, Device>>;

/**
 * Connects devices at the same time: `ensureConnected({ cryo, magnet })`, `ensureConnected(cryo, magnet)`.
 * Those that are connected stay so. Fails if one cannot be, and before that if two of them have the same
 * name.
 */
export const ensureConnected = plan(
  "ensureConnected",
  function* (devices: DevicesGiven, ...rest: [...more: Device[], options: ConnectOptions] | Device[]): Plan<void> {
    const more: Device[] = [];
    let options: ConnectOptions = {};
    for (const each of rest) {
      if (each instanceof Device) more.push(each);
      else options = each;
    }
    const isOne = devices instanceof Device;
    if (typeof devices !== "object" || devices === null || (more.length > 0 && !isOne))
      throw new UsageError("ensureConnected takes devices one by one, as a list, or by their names");
    const named = byName(isOne ? [devices, ...more] : devices);
    yield* waitFor([() => initDevices(named, options)]);
  },
);

/**
 * @throws UsageError if two different devices have the same name, or one of a list is none or has no name.
 */
function byName(devices: Exclude<DevicesGiven, Device>): Readonly<Record<string, Device>> {
  const found: Record<string, Device> = {};
  for (const [key, device] of Object.entries<Device>(devices as Readonly<Record<string, Device>>)) {
    const name = (device as Device | undefined)?.name || (Array.isArray(devices) ? "" : key);
    if (name === "")
      throw new UsageError(
        `ensureConnected: number ${Number(key) + 1} is not a device with a name: give it under a key, such as { motor }`,
      );
    if (Object.hasOwn(found, name) && found[name] !== device)
      throw new UsageError(`two devices are called "${name}": rename one of them`);
    found[name] = device;
  }
  return found;
}
