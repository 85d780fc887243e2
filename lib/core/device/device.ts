/** The base of all devices: names, children, connecting and disposing. */

import { inspect } from "node:util";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { UsageError } from "../../errors";
import {
  checkDisconnectPolicy,
  type DisconnectPolicy,
  type LostConnection,
  type MayLoseConnection,
} from "../protocols/lostConnection";
import type { HasName, HasParent } from "../protocols/protocols";
import { displayDevice } from "./deviceDisplay";
import { NotConnectedError } from "./notConnectedError";

/** Options of `connect`. */
export interface ConnectOptions {
  /**
   * Uses no hardware: signals keep their values in memory, and mock functions (`setMockValue` ...) work.
   * Default false.
   */
  readonly mock?: boolean;
  /** Seconds to wait for the answer of a device. Default: the device decides, 10 s for most. */
  readonly timeout?: number;
}

/**
 * A named object with children. Properties that hold devices are its children, with the names
 * `<device>-<property>`.
 *
 * Children are searched when they are first needed (naming, connecting, walking), since a subclass sets its
 * properties after this constructor has run. A device in a private field (`#motor`) is not a child.
 */
export class Device implements HasName, HasParent, MayLoseConnection, AsyncDisposable {
  #name: string;
  #parent: Device | null = null;
  #onDisconnect: DisconnectPolicy | undefined;

  constructor(name = "") {
    this.#name = name;
  }

  /** Empty until the constructor, a parent or `initDevices` gives a name. */
  get name(): string {
    return this.#name;
  }

  get parent(): Device | null {
    return this.#parent;
  }

  /**
   * What a plan does while this device is gone: "fail", "wait" or "suspend", or with a limit in seconds
   * `{ policy: "wait", limit: 60 }`. Undefined, the default: the policy of its parent, or in the end
   * that of the RunEngine.
   */
  get onDisconnect(): DisconnectPolicy | undefined {
    return this.#onDisconnect;
  }

  set onDisconnect(policy: DisconnectPolicy | undefined) {
    if (policy !== undefined) checkDisconnectPolicy(policy);
    this.#onDisconnect = policy;
  }

  /**
   * The connection of this device, or of one of its children, that is lost now; undefined if there is none.
   */
  lostConnection(): LostConnection | undefined {
    for (const [, child] of this.children()) {
      const lost = child.lostConnection();
      if (lost) return lost;
    }
    return undefined;
  }

  /** Resolves if the other ends of all connections of this device answer, rejects if one does not. */
  async pingConnection(): Promise<unknown> {
    return await Promise.all(Array.from(this.children(), ([, child]) => child.pingConnection()));
  }

  /** The child devices, each with the name of its property. */
  children(): Iterable<readonly [key: string, child: Device]> {
    const found: [string, Device][] = [];
    for (const [key, value] of Object.entries(this)) {
      if (!(value instanceof Device)) continue;
      if (value.#parent === null) value.#join(this, key);
      if (value.#parent === this) found.push([key, value]);
    }
    return found;
  }

  /** Renames the device and everything below it. */
  setName(name: string): void {
    this.#name = name;
    for (const [key, child] of this.existingChildren()) child.setName(childName(name, key));
  }

  /**
   * Connects all children at the same time. Soft devices need no connection.
   *
   * @throws NotConnectedError with every child that failed, by name.
   */
  async connect(options: ConnectOptions = {}): Promise<void> {
    const children = [...this.children()];
    if (children.length === 0) return;
    await NotConnectedError.gather(children.map(([key, child]) => [key, child.connect(options)]));
  }

  /** Closes the connections, timers and files of the device. It can be called more than once. */
  async dispose(): Promise<void> {
    await Promise.all([...this.children()].map(([, child]) => child.dispose()));
  }

  /** Disposes at the end of a block: `await using motor = ...`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  [$display](): MimeBundle | Promise<MimeBundle> {
    return displayDevice(this);
  }

  /** One line: the class and the name. */
  toString(): string {
    return `${this.constructor.name} ${JSON.stringify(this.#name)}`;
  }

  /** One line for `console.log`. */
  [inspect.custom](): string {
    return String(this);
  }

  /**
   * The children that exist already. A device may make others at their first use, and then name them by
   * `adopt`. Default: all.
   */
  protected existingChildren(): Iterable<readonly [key: string, child: Device]> {
    return this.children();
  }

  /**
   * Makes `child` a child under `key`. For devices whose children are not in properties.
   *
   * @throws UsageError if it is the child of another device.
   */
  protected adopt(key: string, child: Device): void {
    if (child.#parent !== null && child.#parent !== this) {
      throw new UsageError(`${child.name || key} is already a child of ${child.#parent.name || "another device"}`);
    }
    child.#join(this, key);
  }

  /** Detaches a child, which keeps its name. */
  protected release(child: Device): void {
    if (child.#parent === this) child.#parent = null;
  }

  #join(parent: Device, key: string): void {
    this.#parent = parent;
    if (this.#name === "") this.setName(childName(parent.#name, key));
  }
}

const childName = (parent: string, key: string): string => (parent === "" ? "" : `${parent}-${key}`);
