import { inspect } from "node:util";
import { $display, type MimeBundle } from "../../display/bundle";
import { UsageError } from "../../errors";
import type { HasName, HasParent } from "../protocols/protocols";
import { displayDevice } from "./deviceDisplay";
import { NotConnectedError } from "./notConnectedError";

/** How a device connects. */
export interface ConnectOptions {
  /** Connects to nothing: signals keep their values in memory, and the mock functions (`setMockValue` ...) work on them. Default false. */
  readonly mock?: boolean;
  /** Seconds until a device that does not answer counts as failed. Default: the device's own, 10 for most. */
  readonly timeout?: number;
}

/**
 * A named thing with children: properties that hold devices are its children, named `<device>-<property>`.
 *
 * Children are found when they are first needed (naming, connecting, walking), since a subclass sets its properties after this
 * constructor has run. A private field (`#motor`) holds a device without making it a child.
 */
export class Device implements HasName, HasParent, AsyncDisposable {
  #name: string;
  #parent: Device | null = null;

  constructor(name = "") {
    this.#name = name;
  }

  /** Empty until named by the constructor, a parent or `initDevices`. */
  get name(): string {
    return this.#name;
  }

  get parent(): Device | null {
    return this.#parent;
  }

  /** Child devices with the property they are in. */
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
    for (const [key, child] of this.children()) child.setName(childName(name, key));
  }

  /**
   * Connects all children side by side. Soft devices are connected from the start.
   *
   * @throws NotConnectedError naming every child that failed.
   */
  async connect(options: ConnectOptions = {}): Promise<void> {
    const children = [...this.children()];
    if (children.length === 0) return;
    await NotConnectedError.gather(children.map(([key, child]) => [key, child.connect(options)]));
  }

  /** Gives back what the device holds open: connections, timers, files. Disposing twice is fine. */
  async dispose(): Promise<void> {
    await Promise.all([...this.children()].map(([, child]) => child.dispose()));
  }

  /** As `dispose`: `await using motor = ...`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  [$display](): MimeBundle | Promise<MimeBundle> {
    return displayDevice(this);
  }

  /** One line for `console.log`. */
  [inspect.custom](): string {
    return `${this.constructor.name} ${JSON.stringify(this.#name)}`;
  }

  /**
   * Makes `child` a child under `key`, for devices that keep their children elsewhere than in properties.
   *
   * @throws UsageError if it is somebody else's child.
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
