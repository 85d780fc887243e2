import type { ConnectOptions } from "../core/device/device";
import { Signal, SignalR, type SignalW } from "../core/signal/signal";
import { StandardReadable } from "../core/standard/standardReadable";
import { acquireProxy } from "./link/proxyPool";
import { type DeviceAddress, deviceTrl, memberTrl, parseDevice } from "./link/trl";
import { TangoCommand } from "./tangoCommand";
import { type TangoSignalOptions, tangoSignalR, tangoSignalRw, tangoSignalW } from "./tangoSignal";
import { TIMEOUT } from "./tangoSignalBackend";
import { TangoType } from "./values/basicType";
import type { AttributeConfig, CommandInfo, DeviceInfo } from "./values/deviceIdl";

/** Options of Tango devices. */
export interface TangoDeviceOptions extends TangoSignalOptions {
  /** Default: given by `initDevices` or a parent. */
  readonly name?: string;
  /** Whether the device gets a signal for each attribute and a command for each command that its class does not declare. Default true. */
  readonly autoFill?: boolean;
}

/**
 * A Tango device with what it tells to have: `new TangoDevice("tango://host:10000/lab/psu/1")`.
 *
 * Connecting fills `attributes` and `commands`; each is a property of its name as well (`device.Current`), with a trailing `_` where
 * the class has one of that name already. A subclass declares what it wants typed: `readonly current = tangoSignalRw(Number, ...)`.
 * Of what is filled in, scalars of display level OPERATOR take part in readings, numbers among them as hinted; change that by `setFormat`.
 */
export class TangoDevice extends StandardReadable {
  readonly #address: DeviceAddress;
  readonly #options: TangoDeviceOptions;
  readonly #attributes = new Map<string, SignalR | SignalW>();
  readonly #commands = new Map<string, TangoCommand>();
  #info: DeviceInfo | null = null;

  constructor(trl: string, options: TangoDeviceOptions = {}) {
    super(options.name);
    this.#address = parseDevice(trl);
    this.#options = options;
  }

  /** `tango://host:port/domain/family/member`. */
  get trl(): string {
    return deviceTrl(this.#address);
  }

  /** Class, server and version, as the device tells; null before it is connected. */
  get info(): DeviceInfo | null {
    return this.#info;
  }

  /** Signals that were filled in, by the names of their attributes. */
  get attributes(): ReadonlyMap<string, SignalR | SignalW> {
    return this.#attributes;
  }

  /** Commands that were filled in, by their names. */
  get commands(): ReadonlyMap<string, TangoCommand> {
    return this.#commands;
  }

  override async connect(options: ConnectOptions = {}): Promise<void> {
    if (!options.mock) await this.#introspect(options.timeout ?? TIMEOUT);
    await super.connect(options);
  }

  async #introspect(timeout: number): Promise<void> {
    const { item: proxy, release } = acquireProxy(this.#address);
    try {
      const call = { timeout, what: `cannot connect to ${this.trl}` };
      this.#info = (await proxy.info(call)).value;
      if (this.#options.autoFill === false) return;
      const [attributes, commands] = await Promise.all([proxy.attributeConfigs("all", call), proxy.commands(call)]);
      for (const config of attributes.value) this.#addAttribute(config);
      for (const info of commands.value) this.#addCommand(info);
    } finally {
      release();
    }
  }

  #addAttribute({ name, writable, data_format, data_type, level }: AttributeConfig): void {
    const signal = this.#attributes.get(name) ?? this.#signal(name, writable);
    if (this.#attributes.has(name) || !this.#place(name, signal)) return;
    this.#attributes.set(name, signal);
    const isRead = data_format === "SCALAR" && level === "OPERATOR" && signal instanceof SignalR;
    if (isRead && !NOT_READ.has(data_type))
      this.addReadables([signal], NOT_SHOWN.has(data_type) ? "uncached" : "hinted");
  }

  #signal(name: string, writable: AttributeConfig["writable"]): SignalR | SignalW {
    const trl = memberTrl(this.#address, name);
    if (writable === "WRITE") return tangoSignalW(null, trl);
    return writable === "READ_WRITE"
      ? tangoSignalRw(null, trl, trl, this.#options)
      : tangoSignalR(null, trl, this.#options);
  }

  #addCommand({ cmd_name: name }: CommandInfo): void {
    // The attributes of these names are the better way to them.
    if (this.#commands.has(name) || name === "State" || name === "Status") return;
    const command = new TangoCommand(memberTrl(this.#address, name));
    if (this.#place(name, command)) this.#commands.set(name, command);
  }

  /** False where the class has declared it. */
  #place(name: string, child: SignalR | SignalW | TangoCommand): boolean {
    const source = child.source.toLowerCase();
    for (const [, declared] of this.children())
      if ((declared instanceof Signal || declared instanceof TangoCommand) && declared.source.toLowerCase() === source)
        return false;
    let key = name;
    while (key in this) key += "_";
    this.adopt(key, child);
    Object.defineProperty(this, key, { value: child, enumerable: true, configurable: true });
    return true;
  }
}

/** Texts and data of other programs have no place in a table. */
const NOT_READ: ReadonlySet<number> = new Set([TangoType.string, TangoType.encoded]);
const NOT_SHOWN: ReadonlySet<number> = new Set([TangoType.boolean, TangoType.state, TangoType.enum]);
