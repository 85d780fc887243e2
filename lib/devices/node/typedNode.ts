/** A SEC node as a device, with or without a class file. */

import { basename } from "node:path";
import type { Observable } from "rxjs";
import { compareShape, describeDifferences, regenerateLine, type Verification } from "../../codegen/drift";
import { generateClasses } from "../../codegen/generateClasses";
import type { ConnectOptions, Device } from "../../core/device/device";
import type { DataKeys, Readings, SyncOrAsync } from "../../core/protocols/protocols";
import { thenSync } from "../../core/signal/signal";
import { leaveOut, StandardReadable } from "../../core/standard/standardReadable";
import { $display, type MimeBundle } from "../../display/bundle";
import { CommunicationFailedError, UsageError } from "../../errors";
import { checkLogLevel } from "../../log";
import { checkOptions, type OptionNames } from "../../options";
import type { ClientState, SecopClient } from "../../secop/client";
import type { NodeDescription } from "../../secop/description/description";
import { memberNames } from "../../secop/description/memberName";
import { linkChannels } from "../classes/acquisition";
import { type ModuleTable, makeModule, modulesOf } from "../classes/makeModule";
import { handleOf, type ModuleDevice } from "../module/moduleDevice";
import { nodeProperties, withProperties, withPropertyKeys } from "../module/propertyConfig";
import { NodeConnection, type NodeConnectionOptions } from "./nodeConnection";
import { displayNode } from "./nodeDisplay";
import { takeOver } from "./takeOver";

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
}

const OPTIONS: OptionNames<NodeOptions> = {
  name: true,
  prefix: true,
  logLevel: true,
  logDir: true,
  timeout: true,
  verify: true,
};

/**
 * A SEC node, with its modules as children under their names on the wire. Class files extend this class and
 * give each module its type. Without a class file, `new SecopNodeDevice(uri)` finds the modules when it
 * connects.
 */
export class TypedNode extends StandardReadable {
  /** The public name of this class; a class file has a name of its own. */
  static override readonly name: string = "SecopNodeDevice";
  /** The `equipment_id` of the node that the class was generated from; empty without a class file. */
  static readonly equipmentId: string = "";
  /** The modules of the class file; empty without one. */
  static readonly table: ModuleTable = [];
  /** The path of the class file, for the code that regenerates it; empty without one. */
  static readonly classFile: string = "";

  readonly #modules = new Map<string, ModuleDevice>();
  /**
   * Modules of the class file that are not made yet: thousands of signals would make the constructor slow.
   */
  #unmade: ModuleTable = [];
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
    this.#connection = new NodeConnection(uri, options);
    this.#connection.onDescription = (description) => this.#adopt(description);
    const { table, equipmentId } = new.target;
    this.#rename(equipmentId);
    this.#unmade = table;
    for (const [name, member] of memberNames(table.map(([module]) => module))) this.#declare(name, member);
  }

  /** Modules by their names on the wire; empty before the first connection if there is no class file. */
  get modules(): ReadonlyMap<string, ModuleDevice> {
    const table = this.#unmade;
    this.#unmade = [];
    if (table.length > 0) this.#add(modulesOf(table), table);
    return this.#modules;
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

  override *children(): Generator<readonly [string, Device]> {
    for (const [name, module] of this.modules) {
      this.adopt(name, module);
      yield [name, module];
    }
  }

  /** Rejects before the first connection if there is no class file, since the modules are not known then. */
  override read(): SyncOrAsync<Readings> {
    return this.#unknown() ?? super.read();
  }

  /** Rejects like `read`. */
  override describe(): SyncOrAsync<DataKeys> {
    return this.#unknown() ?? super.describe();
  }

  override readConfiguration(): SyncOrAsync<Readings> {
    return thenSync(super.readConfiguration(), (read) => withProperties(this.name, this.#properties(), read));
  }

  override describeConfiguration(): SyncOrAsync<DataKeys> {
    return thenSync(super.describeConfiguration(), (keys) =>
      withPropertyKeys(this.name, this.uri, this.#properties(), keys),
    );
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

  override [$display](): MimeBundle {
    return displayNode({
      name: this.name,
      address: this.uri,
      state: this.state,
      mocked: this.#connection.mocked,
      description: this.#description,
      modules: [...this.#modules.values()].map(handleOf),
    });
  }

  /** The rejection of `read` and `describe` while the modules are not known; else undefined. */
  #unknown(): Promise<never> | undefined {
    if (this.modules.size > 0 || this.#description) return undefined;
    return Promise.reject(new CommunicationFailedError(`${this.uri} is not connected: ${this.state.reason}`));
  }

  #properties(): ReadonlyMap<string, unknown> {
    return this.#description ? nodeProperties(this.#description) : new Map();
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
      console.warn(`${this.name}: its class file is out of date:\n${describeDifferences(drift.harmless)}\n${again}`);
    }
  }

  /** Adopts a description of the node: that of the first connection, or a changed one after a reconnect. */
  #adopt(description: NodeDescription): void {
    const missing = takeOver(this.modules, description, this.#options.verify);
    for (const device of [this, ...this.#modules.values()]) leaveOut(device, missing);
    this.#description = description;
    const known = new Set(this.#modules.keys());
    this.#add(new Map([...description.modules].filter(([name]) => !known.has(name))), []);
    this.#rename(description.equipment_id);
  }

  #add(descriptions: NodeDescription["modules"], table: ModuleTable): void {
    const members = memberNames([...this.#modules.keys(), ...descriptions.keys()]);
    for (const description of descriptions.values()) {
      this.#modules.set(description.name, makeModule(this.#connection, description, table));
      const member = members.get(description.name) ?? description.name;
      if (!(member in this)) this.#declare(description.name, member);
    }
    linkChannels(this.#modules);
    this.addReadables(this.#modules.values(), "child");
  }

  #declare(name: string, member: string): void {
    Object.defineProperty(this, member, { get: () => this.modules.get(name), enumerable: true });
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
