/** The lock of a Tango device, which keeps other clients from changing it. */

import { errorText } from "../../errors";
import { reportError } from "../../log";
import { longStrings, stringList } from "../values/deviceIdl";
import type { DeviceProxy } from "./deviceProxy";
import { acquireProxy } from "./proxyPool";
import { type DeviceAddress, deviceTrl } from "./trl";

/**
 * Seconds for which a server keeps a lock that is not renewed: the device is free again when this process has
 * died.
 */
export const LOCK_VALIDITY = 10;
/** The timeout in seconds of requests to the device that administers the server. */
const TIMEOUT = 5;

/** A lock that is held, and renewed until it is freed. The device that administers the server keeps it. */
export class DeviceLock {
  readonly #device: string;
  readonly #admin: DeviceProxy;
  readonly #release: () => void;
  readonly #renewal: NodeJS.Timeout;

  private constructor(device: string, admin: DeviceProxy, release: () => void) {
    this.#device = device;
    this.#admin = admin;
    this.#release = release;
    this.#renewal = setInterval(() => this.#renew(), (1000 * LOCK_VALIDITY) / 3).unref();
  }

  /** Locks a device and keeps it locked. Rejects if another client has locked it. */
  static async take(address: DeviceAddress): Promise<DeviceLock> {
    const own = acquireProxy(address);
    try {
      const what = `cannot lock ${deviceTrl(address)}`;
      const name = (await own.item.adminName({ timeout: TIMEOUT, what })).value;
      const { item: admin, release } = acquireProxy({ ...address, device: name.toLowerCase() });
      try {
        const value = { lvalue: Int32Array.of(LOCK_VALIDITY), svalue: [address.device] };
        await admin.execute("LockDevice", { type: longStrings, value }, { timeout: TIMEOUT, what });
      } catch (error) {
        release();
        throw error;
      }
      return new DeviceLock(address.device, admin, release);
    } finally {
      own.release();
    }
  }

  /** Frees the device. */
  async free(): Promise<void> {
    clearInterval(this.#renewal);
    const value = { lvalue: Int32Array.of(0), svalue: [this.#device] };
    const options = { timeout: TIMEOUT, what: `cannot unlock ${this.#device}` };
    try {
      await this.#admin.execute("UnLockDevice", { type: longStrings, value }, options);
    } finally {
      this.#release();
    }
  }

  #renew(): void {
    const options = { timeout: TIMEOUT, what: `cannot keep the lock of ${this.#device}` };
    const renewed = this.#admin.execute("ReLockDevices", { type: stringList, value: [this.#device] }, options);
    renewed.catch((error: unknown) => reportError(`the lock of ${this.#device}`, errorText(error)));
  }
}
