/** A Tango device with all attributes and commands that it reports. */

import type { ConnectOptions } from "../core/device/device";
import { Signal, SignalR, type SignalW } from "../core/signal/signal";
import { StandardReadable } from "../core/standard/standardReadable";
import { withWaitingLine } from "../display/waitingLine";
import { checkOptions, type OptionNames } from "../options";
import { DeviceLock } from "./link/deviceLock";
import { acquireProxy } from "./link/proxyPool";
import { type DeviceAddress, deviceTrl, memberTrl, parseDevice } from "./link/trl";
import { MemberMap, type NamedMembers } from "./namedMembers";
import { TangoCommand } from "./tangoCommand";
import { tangoPipe } from "./tangoPipe";
import { type TangoSignalOptions, tangoSignalR, tangoSignalRw, tangoSignalW } from "./tangoSignal";
import { TIMEOUT } from "./tangoSignalBackend";
import { CmdArgType } from "./values/basicType";
import type { AttributeConfig, TangoCommandInfo, TangoDeviceInfo } from "./values/deviceIdl";
import type { TangoBlob } from "./values/pipeValue";

/** Options of `TangoDevice`. */
export interface TangoDeviceOptions extends TangoSignalOptions {
  /** Default: the name that `initDevices` or the parent gives. */
  readonly name?: string;
  /**
   * Whether the device gets a signal or a command for each member that its class does not declare. Default
   * true.
   */
  readonly autoFill?: boolean;
}

const OPTIONS: OptionNames<TangoDeviceOptions> = { name: true, autoFill: true, polling: true, events: true };

/**
 * A Tango device with the attributes and commands that it reports:
 * `new TangoDevice("tango://host:10000/lab/psu/1")`.
 *
 * Connecting fills `attributes`, `commands` and `pipes`. Each is also a property of the device
 * (`device.Current`), with a trailing `_` if the class already has a property of that name. A subclass
 * declares the members that should have types: `readonly current = tangoSignalRw(Number, ...)`. Among the
 * attributes that were filled in, scalars of display level OPERATOR take part in readings, and numbers are
 * hinted; `setFormat` changes that.
 */
export class TangoDevice extends StandardReadable {
  readonly #address: DeviceAddress;
  readonly #autoFill: boolean;
  /** How the signals that are filled in follow their attributes. */
  readonly #following: TangoSignalOptions;
  readonly #attributes = new MemberMap<SignalR | SignalW>("attribute", () => this.trl);
  readonly #commands = new MemberMap<TangoCommand>("command", () => this.trl);
  readonly #pipes = new MemberMap<SignalR<TangoBlob>>("pipe", () => this.trl);
  #info: TangoDeviceInfo | undefined;
  #lock: Promise<DeviceLock> | undefined;

  constructor(trl: string, options: TangoDeviceOptions = {}) {
    checkOptions(new.target.name, options, OPTIONS);
    const { name, autoFill = true, ...following } = options;
    super(name);
    this.#address = parseDevice(trl);
    this.#autoFill = autoFill;
    this.#following = following;
  }

  /** The address of the device: `tango://host:port/domain/family/member`. */
  get trl(): string {
    return deviceTrl(this.#address);
  }

  /** The address of an attribute or a command of this device, for the members of a subclass. */
  member(name: string): string {
    return memberTrl(this.#address, name);
  }

  /** The device's class, server and version; undefined before it is connected. */
  get info(): TangoDeviceInfo | undefined {
    return this.#info;
  }

  /** The signals that were filled in, by the names of their attributes. `get` throws for an unknown name. */
  get attributes(): NamedMembers<SignalR | SignalW> {
    return this.#attributes;
  }

  /** The commands that were filled in, by their names. `get` throws for an unknown name. */
  get commands(): NamedMembers<TangoCommand> {
    return this.#commands;
  }

  /** The pipes that were filled in, by their names. `get` throws for an unknown name. */
  get pipes(): NamedMembers<SignalR<TangoBlob>> {
    return this.#pipes;
  }

  override async connect(options: ConnectOptions = {}): Promise<void> {
    const { mock, timeout = TIMEOUT } = options;
    if (!mock) await withWaitingLine(this.trl, () => this.#introspect(timeout), timeout);
    await super.connect(options);
  }

  /**
   * Locks the device: until `unlock`, other programs can read it, but not set attributes or execute commands
   * (except those that the device allows). The lock is renewed as long as this process lives, and ends 10 s
   * after it. Rejects if another program has locked the device.
   */
  async lock(): Promise<void> {
    this.#lock ??= DeviceLock.take(this.#address).catch((error: unknown) => {
      this.#lock = undefined;
      throw error;
    });
    await this.#lock;
  }

  /** Ends the lock; without one it does nothing. */
  async unlock(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    if (lock) await (await lock).free();
  }

  override async dispose(): Promise<void> {
    // A server that is gone has no locks.
    await this.unlock().catch(() => {});
    await super.dispose();
  }

  async #introspect(timeout: number): Promise<void> {
    const { item: proxy, release } = acquireProxy(this.#address);
    try {
      const call = { timeout, what: `cannot connect to ${this.trl}` };
      this.#info = (await proxy.info(call)).value;
      if (!this.#autoFill) return;
      const [attributes, commands, pipes] = await Promise.all([
        proxy.attributeConfigs(call),
        proxy.commands(call),
        proxy.pipeConfigs(call),
      ]);
      for (const config of attributes.value) this.#addAttribute(config);
      for (const info of commands.value) this.#addCommand(info);
      for (const { name } of pipes) this.#addPipe(name);
    } finally {
      release();
    }
  }

  #addAttribute(config: AttributeConfig): void {
    const { name, writable } = config;
    if (this.#attributes.has(name) || this.#declared(name)) return;
    const signal = this.#signal(name, writable);
    this.#addChild(name, signal);
    this.#attributes.set(name, signal);
    const format = formatOfAttribute(config);
    if (format && signal instanceof SignalR) this.addReadables([signal], format);
  }

  #signal(name: string, writable: AttributeConfig["writable"]): SignalR | SignalW {
    const trl = memberTrl(this.#address, name);
    if (writable === "WRITE") return tangoSignalW(null, trl);
    return writable === "READ_WRITE"
      ? tangoSignalRw(null, trl, trl, this.#following)
      : tangoSignalR(null, trl, this.#following);
  }

  #addCommand({ cmd_name: name }: TangoCommandInfo): void {
    // A device has attributes of these names as well, which are signals and can be read and watched.
    if (this.#commands.has(name) || name === "State" || name === "Status") return;
    if (this.#declared(name)) return;
    const command = new TangoCommand(this.member(name));
    this.#addChild(name, command);
    this.#commands.set(name, command);
  }

  #addPipe(name: string): void {
    if (this.#pipes.has(name) || this.#declared(name)) return;
    const { polling } = this.#following;
    const pipe = tangoPipe(this.member(name), polling ? { polling } : {});
    this.#addChild(name, pipe);
    this.#pipes.set(name, pipe);
  }

  /** The member of the class that stands for this attribute, command or pipe. */
  #declared(name: string): Signal | TangoCommand | undefined {
    const source = memberTrl(this.#address, name).toLowerCase();
    for (const [, child] of this.children()) {
      if ((child instanceof Signal || child instanceof TangoCommand) && child.source.toLowerCase() === source)
        return child;
    }
    return undefined;
  }

  /** Makes the child a property of the device. */
  #addChild(name: string, child: SignalR | SignalW | TangoCommand): void {
    let key = name;
    while (key in this) key += "_";
    this.adopt(key, child);
    Object.defineProperty(this, key, { value: child, enumerable: true, configurable: true });
  }
}

/** The format of an attribute that was filled in; undefined if it is not read in scans. */
export function formatOfAttribute(config: AttributeConfig): "hinted" | "uncached" | undefined {
  const { writable, data_format, data_type, level } = config;
  if (writable === "WRITE" || data_format !== "SCALAR" || level !== "OPERATOR" || NOT_READ.has(data_type))
    return undefined;
  return NOT_HINTED.has(data_type) ? "uncached" : "hinted";
}

/** The types that are not read in scans: strings and encoded data do not fit into a table. */
const NOT_READ: ReadonlySet<number> = new Set([CmdArgType.string, CmdArgType.encoded]);
/** The types that are read but not hinted. */
const NOT_HINTED: ReadonlySet<number> = new Set([CmdArgType.boolean, CmdArgType.state, CmdArgType.enum]);
