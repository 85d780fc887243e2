/** A SEC node as a device, with or without a class file. */

import { basename } from "node:path";
import type { Observable } from "rxjs";
import { compareShape, describeDifferences, regenerateLine, type Verification } from "../../codegen/drift";
import { generateClasses } from "../../codegen/generateClasses";
import type { ConnectOptions, Device } from "../../core/device/device";
import {
  $sourceIdentity,
  announceSource,
  type DataSource,
  type SourceIdentity,
} from "../../core/protocols/dataSources";
import type { DisconnectPolicy, LostConnection } from "../../core/protocols/lostConnection";
import type { DataKeys, Readings, SyncOrAsync } from "../../core/protocols/protocols";
import type { SignalR } from "../../core/signal/signal";
import { leaveOut, StandardReadable } from "../../core/standard/standardReadable";
import { $changesWithin, $display, $watchedDisplay, type MimeBundle } from "../../display/mimeBundle";
import { CommunicationFailedError, UsageError } from "../../errors";
import { checkLogLevel } from "../../log";
import { checkOptions, type OptionNames } from "../../options";
import { printable } from "../../printable";
import type { ClientState, SecopClient } from "../../secop/client";
import type { NodeDescription } from "../../secop/description/description";
import { type MemberNames, moduleNames, propertyNames } from "../../secop/description/memberName";
import { parseDescription } from "../../secop/description/parseDescription";
import { nodeProperties } from "../../secop/description/properties";
import { linkChannels } from "../classes/acquisition";
import { type ModuleTable, makeModule, modulesOf } from "../classes/makeModule";
import { declareMember } from "../module/declareMember";
import { handleOf, type ModuleDevice } from "../module/moduleDevice";
import { PropertySignals } from "../module/propertySignals";
import { NodeConnection, type NodeConnectionOptions } from "./nodeConnection";
import { displayNode, isUnfolded, type NodeView } from "./nodeDisplay";
import { nodeIdentity } from "./nodeIdentity";
import { takeOver } from "./takeOver";

/** Options of a node device. */
export interface NodeOptions extends NodeConnectionOptions {
  /** Name of the device. Default: the `equipment_id` of the node, with `-` for `.`. */
  readonly name?: string;
  /** Text that is put before the name. Default: none. */
  readonly prefix?: string;
  /**
   * How `connect` compares the class file with the node: "strict" (default) rejects all that makes the class
   * wrong, "subset" tolerates missing modules, parameters and commands, and "off" does not compare.
   */
  readonly verify?: Verification;
  /**
   * What a plan does while the node is gone: "fail", "wait" or "suspend", or with a limit in seconds
   * `{ policy: "wait", limit: 60 }`. Default: as the RunEngine says.
   */
  readonly onDisconnect?: DisconnectPolicy;
}

const OPTIONS: OptionNames<NodeOptions> = {
  name: true,
  prefix: true,
  logLevel: true,
  logDir: true,
  timeout: true,
  verify: true,
  onDisconnect: true,
};

/**
 * A SEC node, with its modules as children under their names on the wire (`_gas` is `gas`), and its
 * properties (`equipment_id`, `firmware` ...) as read-only signals. Class files extend this class and give
 * each member its type. Without a class file, `new SecopNodeDevice(uri)` finds the modules when it connects.
 */
export class TypedNode extends StandardReadable implements DataSource {
  /** The public name of this class; a class file has a name of its own. */
  static override readonly name: string = "SecopNodeDevice";
  /** The `equipment_id` of the node that the class was generated from; empty without a class file. */
  static readonly equipmentId: string = "";
  /** The modules of the class file; empty without one. */
  static readonly table: ModuleTable = [];
  /** The properties of the node that the class was generated from, as JSON; empty without a class file. */
  static readonly propertiesJson: string = "";
  /** The path of the class file, for the code that regenerates it; empty without one. */
  static readonly classFile: string = "";

  readonly #modules = new Map<string, ModuleDevice>();
  /**
   * Modules of the class file that are not made yet: thousands of signals would make the constructor slow.
   */
  #unmade: ModuleTable = [];
  /** The names of members by their names on the wire. */
  #names: MemberNames = new Map();
  #propertyNames: MemberNames = new Map();
  readonly #properties = new PropertySignals(() => this.uri);
  readonly #connection: NodeConnection;
  readonly #options: NodeOptions;
  #description: NodeDescription | undefined;

  /**
   * @param uri `host`, `host:port`, `[v6]:port`, `tcp://host:port`, `ws://host:port` or `wss://host:port`;
   *   default port 10767.
   * @throws UsageError if it is none of these, or for an option that does not exist or has a wrong value.
   */
  constructor(uri: string, options: NodeOptions = {}) {
    super();
    checkNodeOptions(options);
    this.#options = options;
    this.onDisconnect = options.onDisconnect;
    announceSource(this);
    this.#connection = new NodeConnection(uri, options);
    this.#connection.onDescription = (description) => this.#adopt(description);
    const { table, equipmentId, propertiesJson } = new.target;
    this.#rename(equipmentId);
    this.#unmade = table;
    this.#declare(
      table.map(([module]) => module),
      propertiesJson === "" ? new Map() : nodeProperties(parseDescription(JSON.parse(propertiesJson))),
    );
  }

  /** Modules by their names on the wire; empty before the first connection if there is no class file. */
  get modules(): ReadonlyMap<string, ModuleDevice> {
    const table = this.#unmade;
    this.#unmade = [];
    if (table.length > 0) this.#add(modulesOf(table), table);
    return this.#modules;
  }

  /** The signals of the properties of the node by their names on the wire, for example `equipment_id`. */
  get properties(): ReadonlyMap<string, SignalR> {
    return this.#properties.signals;
  }

  /** The address, as `host:port`. */
  get uri(): string {
    return this.#connection.address;
  }

  /** The protocol client of the device. @throws SecopError if the node is not connected. */
  get client(): SecopClient {
    return this.#connection.client;
  }

  /** The state of the connection. */
  get state(): ClientState {
    return this.#connection.state;
  }

  /** Emits the state of the connection now and at every change. */
  get state$(): Observable<ClientState> {
    return this.#connection.state$;
  }

  /**
   * The description by the node, from the last connection. @throws UsageError before the first connection.
   */
  get description(): NodeDescription {
    if (this.#description) return this.#description;
    throw new UsageError(`${this.uri} has not described itself yet: await node.connect() or initDevices({...})`);
  }

  override lostConnection(): LostConnection | undefined {
    return this.#connection.lost;
  }

  override pingConnection(): Promise<unknown> {
    return this.#connection.ping();
  }

  override *children(): Generator<readonly [string, Device]> {
    for (const [name, signal] of this.properties) yield this.#adopted(this.#propertyNames, name, signal);
    for (const [name, module] of this.modules) yield this.#adopted(this.#names, name, module);
  }

  /** Rejects before the first connection if there is no class file, since the modules are not known then. */
  override read(): SyncOrAsync<Readings> {
    return this.#unknown() ?? super.read();
  }

  /** Rejects like `read`. */
  override describe(): SyncOrAsync<DataKeys> {
    return this.#unknown() ?? super.describe();
  }

  /**
   * Connects to the node, or again after `dispose`. Rejects if the node cannot be reached, or with the
   * differences if it does not match the class file.
   *
   * With `mock` no connection is made; the modules must then be known from a class file.
   */
  override async connect(options: ConnectOptions = {}): Promise<void> {
    if (options.mock) {
      if (this.modules.size === 0) {
        throw new UsageError(`${this.uri} cannot be mocked: its modules are not known, use a class file of the node`);
      }
      this.#connection.mock();
      await super.connect(options);
      return;
    }
    const client = await this.#connection.open(this.name || this.uri, options.timeout);
    try {
      this.#verify(client.description);
    } catch (error) {
      await this.#connection.close();
      throw error;
    }
    this.#adopt(client.description);
  }

  /**
   * Writes a class file for the node as it is now and resolves to its path. A device that has a class file
   * rewrites that file, unless `dir` names another directory; default `./devices/`. Rejects before the first
   * connection.
   */
  async classFromInstance(dir?: string): Promise<string> {
    const { classFile } = this.constructor as typeof TypedNode;
    const file = dir === undefined ? classFile : basename(classFile);
    return generateClasses(this, { ...(dir !== undefined && { dir }), ...(file !== "" && { file }) });
  }

  override async dispose(): Promise<void> {
    await this.#connection.close();
  }

  /**
   * What identifies the node in start documents; undefined before its first connection and after `dispose`.
   */
  [$sourceIdentity](): SourceIdentity | undefined {
    const isOpen = ["connected", "reconnecting"].includes(this.state.name);
    if (!this.#description || !isOpen) return undefined;
    return nodeIdentity(this.name, this.uri, this.#description);
  }

  /**
   * The display of a node follows it, unless a part of it is folded: that would fold again at each change.
   */
  [$changesWithin](): number | undefined {
    return isUnfolded([...this.#modules.values()].map(handleOf)) ? 1 : undefined;
  }

  override [$display](): MimeBundle {
    return displayNode(this.#view());
  }

  [$watchedDisplay](): MimeBundle {
    return displayNode(this.#view(), { watched: true });
  }

  #view(): NodeView {
    return {
      node: this,
      name: this.name,
      address: this.uri,
      state: this.state,
      mocked: this.#connection.mocked,
      description: this.#description,
      modules: [...this.#modules.values()].map(handleOf),
    };
  }

  /** The rejection of `read` and `describe` while the modules are not known; else undefined. */
  #unknown(): Promise<never> | undefined {
    if (this.modules.size > 0 || this.#description) return undefined;
    return Promise.reject(new CommunicationFailedError(`${this.uri} is not connected: ${this.state.reason}`));
  }

  /** Compares the class file with the description by the node. @throws UsageError if they do not match. */
  #verify(live: NodeDescription): void {
    const { table, classFile } = this.constructor as typeof TypedNode;
    if (table.length === 0) return;
    const drift = compareShape({ modules: modulesOf(table) }, live, this.#options.verify);
    const again = `regenerate it: ${regenerateLine(this.uri, classFile)}`;
    if (drift.incompatible.length > 0) {
      const title = `${this.uri} does not match its class file`;
      throw new UsageError(`${title}:\n${describeDifferences(drift.incompatible)}\n${again}`);
    }
    if (drift.harmless.length > 0) {
      console.warn(
        `${printable(this.name)}: its class file is out of date:\n${describeDifferences(drift.harmless)}\n${again}`,
      );
    }
  }

  /** Adopts a description of the node: that of the first connection, or a changed one after a reconnect. */
  #adopt(description: NodeDescription): void {
    const missing = takeOver(this.modules, description, this.#options.verify);
    this.#description = description;
    const fresh = new Map([...description.modules].filter(([name]) => !this.#modules.has(name)));
    this.#declare(description.modules.keys(), nodeProperties(description));
    this.#add(fresh, []);
    const gone = new Set([...missing, ...this.#properties.missing()]);
    for (const device of [this, ...this.#modules.values()]) leaveOut(device, gone);
    this.#rename(description.equipment_id);
  }

  #add(descriptions: NodeDescription["modules"], table: ModuleTable): void {
    for (const description of descriptions.values()) {
      const module = makeModule(this.#connection, description, table);
      handleOf(module).member = this.#names.get(description.name)?.member ?? description.name;
      this.#modules.set(description.name, module);
    }
    linkChannels(this.#modules);
    this.addReadables(this.#modules.values(), "child");
  }

  /** Makes members of modules, which may be made later, and of properties. */
  #declare(modules: Iterable<string>, properties: ReadonlyMap<string, unknown>): void {
    const names = moduleNames(modules);
    this.#names = new Map([...names, ...this.#names]);
    this.#propertyNames = new Map([...propertyNames(properties.keys(), names), ...this.#propertyNames]);
    this.addReadables(this.#properties.adopt(properties), "config");
    for (const [name, memberName] of names) {
      declareMember(this, name, memberName, { get: () => this.modules.get(name) });
    }
    for (const [name, signal] of this.properties) {
      declareMember(this, name, this.#propertyNames.get(name), { value: signal });
    }
  }

  #adopted(names: MemberNames, name: string, child: Device): readonly [string, Device] {
    const key = names.get(name)?.key ?? name;
    this.adopt(key, child);
    return [key, child];
  }

  #rename(equipmentId: string): void {
    const { name, prefix = "" } = this.#options;
    const wanted = prefix + (name ?? equipmentId.replaceAll(".", "-"));
    if (name !== undefined || equipmentId !== "") this.setName(wanted);
  }
}

function checkNodeOptions(options: NodeOptions): void {
  checkOptions("a SecopNodeDevice", options, OPTIONS);
  const { logLevel, timeout } = options;
  if (logLevel !== undefined) checkLogLevel(logLevel);
  if (timeout !== undefined && !(timeout > 0)) {
    throw new UsageError(`timeout ${timeout}: expected seconds above 0, e.g. { timeout: 5 }`);
  }
}
