/** Searches of all devices or signals below a device, by path. */

import type { Device } from "../device/device";
import { Signal, SignalR, SignalRW } from "../signal/signal";
import { StandardReadable } from "./standardReadable";

/** All devices below `device` by path (`cryo.target`), parents before children. */
export function walkDevices(device: Device): ReadonlyMap<string, Device> {
  const found = new Map<string, Device>();
  const visit = (parent: Device, path: string) => {
    for (const [key, child] of parent.children()) {
      found.set(path + key, child);
      visit(child, `${path}${key}.`);
    }
  };
  visit(device, "");
  return found;
}

/** The signals below `device` that can be read and set, by path. */
export function walkRwSignals(device: Device): ReadonlyMap<string, SignalRW> {
  return only(device, (child) => child instanceof SignalRW);
}

/** The signals below `device` that are recorded as configuration, by path. */
export function walkConfigSignals(device: Device): ReadonlyMap<string, SignalR> {
  return only(device, (child): child is SignalR => child instanceof SignalR && isConfiguration(child));
}

/** Whether one of the devices that contain the signal records it as configuration. */
function isConfiguration(signal: SignalR): boolean {
  for (let owner = signal.parent; owner; owner = owner.parent) {
    if (owner instanceof StandardReadable && owner.formatOf(signal) === "config") return true;
  }
  return false;
}

/** Where the value of each signal below `device` comes from, by path. */
export function walkSignalSources(device: Device): ReadonlyMap<string, string> {
  const signals = only(device, (child) => child instanceof Signal);
  return new Map([...signals].map(([path, signal]) => [path, signal.source]));
}

function only<D extends Device>(device: Device, wanted: (child: Device) => child is D): ReadonlyMap<string, D> {
  const found = new Map<string, D>();
  for (const [path, child] of walkDevices(device)) if (wanted(child)) found.set(path, child);
  return found;
}
