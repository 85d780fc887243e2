/** Stubs for settings and connections of devices: `applySettings` and its kin as parts of a plan. */

import { type ConnectOptions, type Device, initDevices } from "../../core/device/index";
import type { Plan } from "../../core/protocols/msg";
import * as settings from "../../core/standard/deviceSettings";
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

/** Connects devices at the same time, by name; those that are connected stay so. Fails if one cannot be. */
export const ensureConnected = plan(
  "ensureConnected",
  function* (devices: Readonly<Record<string, Device>>, options: ConnectOptions = {}): Plan<void> {
    yield* waitFor([() => initDevices(devices, options)]);
  },
);
