/** Checks the devices that plans are called with, so that a wrong one is refused before the first message. */

import { DeviceVectorBase } from "../../core/device/deviceVector";
import { isReadable, type Movable, type Readable } from "../../core/protocols/protocols";
import { UsageError } from "../../errors";
import { notDevice } from "./notDevice";

/** A motor that can also be read, as a scan needs it. */
export type ReadableMotor<T = number> = Movable<T> & Readable<unknown>;

/** Any motor that a scan can move and read, whatever its positions are. */
export type AnyMotor = ReadableMotor<never>;

/** Throws unless the detectors of `plan` are a list of devices that can be read. */
export function checkDetectors(plan: string, detectors: readonly Readable[]): void {
  if (!Array.isArray(detectors)) {
    throw new UsageError(`${plan}: the detectors come first, as a list: ${plan}([detector], ...)`);
  }
  for (const [i, detector] of detectors.entries()) checkDetector(plan, `detector ${i + 1}`, detector);
}

/** Throws unless `detector` can be read. */
export function checkDetector(plan: string, place: string, detector: unknown): void {
  if (!isReadable(detector)) {
    throw notDevice(
      `${plan}: ${place}`,
      detector,
      severalInOne(detector) ?? "can't be read: it has no read() and describe()",
    );
  }
  checkName(`${plan}: ${place}`, detector);
}

/** Why a device that is really several is refused; undefined for anything else. */
function severalInOne(device: unknown): string | undefined {
  if (Array.isArray(device)) return "is a list: give the devices themselves, as in [a, b] or [...devices]";
  if (!(device instanceof DeviceVectorBase)) return undefined;
  return "is a vector: give its devices, as in Array.from(vector, ([, device]) => device)";
}

/** The devices of a list. Throws for a device instead of a list, and for a list in the list. */
export function deviceList<D>(place: string, devices: Iterable<D>): readonly D[] {
  const isList = typeof (devices as Partial<Iterable<D>> | null | undefined)?.[Symbol.iterator] === "function";
  if (!isList || typeof devices === "string" || devices instanceof DeviceVectorBase) {
    throw notDevice(place, devices, severalInOne(devices) ?? "is no list: give [device]", "should be a list: [device]");
  }
  const list = [...devices];
  for (const [i, device] of list.entries()) {
    const several = severalInOne(device);
    const isObject = device !== null && (typeof device === "object" || typeof device === "function");
    if (several !== undefined || !isObject) {
      throw notDevice(`${place}: device ${i + 1}`, device, several ?? "is no device");
    }
  }
  return list;
}

/**
 * Throws unless the device has a name: the keys of its readings begin with
 * it, so readings without one would collide.
 */
export function checkName(place: string, device: { readonly name: string }): void {
  if (device.name !== "") return;
  throw new UsageError(
    `${place} has no name to record it under: name it, by initDevices({ name: device }) for instance`,
  );
}

/** Whether a value is a device that can be moved. */
export function isMotor(value: unknown): value is ReadableMotor<number> {
  return typeof (value as Movable | undefined)?.set === "function";
}

/** Throws unless `motor`, which is argument `position` of `plan` (counted from 1), can be moved and read. */
export function checkMotor(plan: string, position: number, motor: unknown, usage: string): void {
  const place = `${plan}: argument ${position}`;
  if (!isMotor(motor)) {
    const lack = `can't be moved: it is read-only, or measures only: ${usage}`;
    throw notDevice(place, motor, lack, `should be a motor: ${usage}`);
  }
  if (!isReadable(motor)) throw notDevice(place, motor, "can be moved but not read");
  checkName(place, motor);
}
