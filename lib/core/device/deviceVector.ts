/** Devices that are counted rather than named. */

import { UsageError } from "../../errors";
import { Device } from "./device";

/** Devices by number, named `<vector>-<number>`: `channel[1]`. */
export class DeviceVector<T extends Device> extends Device implements Iterable<readonly [number, T]> {
  readonly [index: number]: T;

  constructor(children: Readonly<Record<number, T>> | readonly T[], name = "") {
    super(name);
    const entries = Object.entries(children);
    if (entries.length === 0) throw new UsageError("a DeviceVector holds devices by number, but none was given");
    for (const [key, child] of entries) {
      if (!(child instanceof Device))
        throw new UsageError(`a DeviceVector holds devices, but ${key} is ${String(child)}`);
      if (!/^\d+$/.test(key)) throw new UsageError(`a DeviceVector holds devices by number, not by "${key}"`);
      Object.defineProperty(this, key, { value: child, enumerable: true });
    }
    this.setName(name);
  }

  get size(): number {
    return [...this].length;
  }

  *[Symbol.iterator](): Generator<readonly [number, T], void, void> {
    for (const [key, child] of this.children()) yield [Number(key), child as T];
  }
}
