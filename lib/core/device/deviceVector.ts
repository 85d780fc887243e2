/** Devices that are counted rather than named. */

import { UsageError } from "../../errors";
import { Device } from "./device";

/**
 * The numbers of the members of a vector that is made of `C`: `0 | 1` for a list of two, `number` if it is
 * not known.
 */
export type MemberNumber<C> = C extends readonly unknown[]
  ? number extends C["length"]
    ? number
    : ListIndex<Exclude<keyof C, keyof (readonly unknown[])>>
  : keyof C & number;

type ListIndex<K> = K extends `${infer N extends number}` ? N : never;

/**
 * Devices by number, named `<vector>-<number>`: `channel[1]`. Where the members are listed, the compiler
 * knows their numbers, and a device under any other number may be undefined. When the program runs, using a
 * number without a member throws a UsageError that lists the numbers.
 */
export type DeviceVector<T extends Device = Device, K extends number = number> = DeviceVectorBase<T> & {
  readonly [index: number]: T | undefined;
} & (number extends K ? unknown : { readonly [index in K]: T });

/** The members of a vector besides its devices. */
export class DeviceVectorBase<T extends Device> extends Device implements Iterable<readonly [number, T]> {
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
    for (const [key, child] of this.children()) if (/^\d+$/.test(key)) yield [Number(key), child as T];
  }
}

interface DeviceVectorConstructor {
  // The second type parameter distinguishes this signature from the next one, which takes
  // `DeviceVector<Channel>`.
  new <D extends Device, const C extends readonly D[] | Readonly<Record<number, D>>>(
    children: C,
    name?: string,
  ): DeviceVector<C extends Readonly<Record<number, infer T extends Device>> ? T : D, MemberNumber<C>>;
  new <T extends Device>(children: Readonly<Record<number, T>> | readonly T[], name?: string): DeviceVector<T>;
  readonly prototype: DeviceVectorBase<Device>;
}

/** Makes a vector: `new DeviceVector([a, b])` or `new DeviceVector({ 1: a, 4: d })`. */
export const DeviceVector = DeviceVectorBase as unknown as DeviceVectorConstructor;

// A number that is not found on a vector is looked up here, between its prototype and that of devices.
Object.setPrototypeOf(
  DeviceVectorBase.prototype,
  new Proxy(Object.create(Device.prototype) as object, {
    get(target, key, vector: unknown) {
      if (typeof key === "string" && /^-?\d+$/.test(key) && vector instanceof DeviceVectorBase) {
        const numbers = Array.from(vector, ([number]) => number).join(", ");
        throw new UsageError(`${vector.name || "the DeviceVector"} has no member ${key}: it has ${numbers}`);
      }
      return Reflect.get(target, key, vector);
    },
  }),
);
Object.defineProperty(DeviceVectorBase, "name", { value: "DeviceVector" });
