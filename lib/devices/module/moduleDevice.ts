/** A module of a SEC node as a device. */

import { signalFormat } from "../../codegen/signalFormat";
import { Device } from "../../core/device/device";
import type { LostConnection } from "../../core/protocols/lostConnection";
import type { Readings, SyncOrAsync } from "../../core/protocols/protocols";
import { SignalR, SignalRW } from "../../core/signal/signal";
import { type Format, StandardReadable } from "../../core/standard/standardReadable";
import { $display, type MimeBundle } from "../../display/mimeBundle";
import { isSettable } from "../../secop/description/accessible";
import type { ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { accessibleNames, type MemberNames, propertyNames } from "../../secop/description/memberName";
import { moduleProperties } from "../../secop/description/properties";
import { type Command, makeCommand } from "./command";
import { declareMember } from "./declareMember";
import { displayModule } from "./moduleDisplay";
import { ModuleHandle } from "./moduleHandle";
import type { NodeLink } from "./nodeLink";
import { ParameterBackend } from "./parameterBackend";
import { PropertySignals } from "./propertySignals";
import { readFailure } from "./readFailure";

/** A signal or command of a module. */
export type AccessibleMember = SignalR | Command<unknown, unknown>;

/** The handle of a module device, for code of this folder. */
export let handleOf: (device: ModuleDevice) => ModuleHandle;

/** Gives a module device its new description. What is new in it becomes a member. */
export let adoptDescription: (device: ModuleDevice, description: ModuleDescription) => void;

/** The signals of properties that the node does not have any more. */
export let missingProperties: (device: ModuleDevice) => Iterable<SignalR>;

/**
 * A module of a SEC node. Its parameters are signals and its commands are plans, under their names on the
 * wire; a custom name loses its `_` (`_maxpower` is `maxpower`) unless the rest is a name of SECoP or taken.
 * Its properties (`implementation`, `group`, `meaning` ...) are read-only signals. A name that is taken, or
 * that the class itself uses, gets a `_` at its end. The maps `accessibles` and `properties` have all of them
 * by their names on the wire.
 *
 * `value` is recorded as hinted, and so is the `target` of a Drivable. `status` is not recorded unless
 * `setFormat` says so. Other parameters and the properties are configuration.
 */
export class ModuleDevice extends StandardReadable {
  static {
    handleOf = (device) => device.#handle;
    adoptDescription = (device, description) => {
      device.#handle.description = description;
      device.#addNew();
    };
    missingProperties = (device) => device.#properties.missing();
  }

  /** Undefined until a signal or command is first used: a big node has thousands, of which few are. */
  #made: Map<string, AccessibleMember> | undefined;
  #propertyNames: MemberNames = new Map();
  /** The accessibles that are declared as members. */
  readonly #declared = new Set<string>();
  readonly #properties = new PropertySignals(() => `${this.#handle.link.address}:${this.#handle.name}`);
  readonly #handle: ModuleHandle;

  /** @internal Only the node makes its modules. */
  constructor(link: NodeLink, description: ModuleDescription) {
    super();
    this.#handle = new ModuleHandle(link, description);
    this.#addNew();
  }

  /** Signals and commands by their names on the wire. */
  get accessibles(): ReadonlyMap<string, AccessibleMember> {
    return this.#made ?? this.#make();
  }

  /** The signals of properties by their names on the wire, for example `implementation`. */
  get properties(): ReadonlyMap<string, SignalR> {
    return this.#properties.signals;
  }

  /** The description of the module by the node. */
  get description(): ModuleDescription {
    return this.#handle.description;
  }

  override *children(): Generator<readonly [string, Device]> {
    yield* this.#propertyChildren();
    for (const [name, member] of this.accessibles) {
      if (member instanceof Device) yield this.#adopted(this.#handle.keyOf(name), member);
    }
  }

  protected override *existingChildren(): Generator<readonly [string, Device]> {
    if (this.#made) yield* this.children();
    else yield* this.#propertyChildren();
  }

  /** The parameters of the module come first in its readings. */
  override addReadables(children: Iterable<Device>, format?: Format): void {
    if (!this.#made) this.#make();
    super.addReadables(children, format);
  }

  override lostConnection(): LostConnection | undefined {
    return this.#handle.link.lost;
  }

  override pingConnection(): Promise<unknown> {
    return this.#handle.link.ping();
  }

  /** Rejects if a parameter has no value; the error says how to read the others. */
  override read(): SyncOrAsync<Readings> {
    return this.#advised(super.read());
  }

  /** Rejects like `read`. */
  override readConfiguration(): SyncOrAsync<Readings> {
    return this.#advised(super.readConfiguration());
  }

  override [$display](): MimeBundle {
    return displayModule(this.#handle, this.name);
  }

  #advised(readings: SyncOrAsync<Readings>): SyncOrAsync<Readings> {
    if (!(readings instanceof Promise)) return readings;
    return readings.catch((error: unknown) => {
      throw readFailure(this.#handle, this.parent?.name, error);
    });
  }

  *#propertyChildren(): Generator<readonly [string, Device]> {
    for (const [name, signal] of this.properties)
      yield this.#adopted(this.#propertyNames.get(name)?.key ?? name, signal);
  }

  #adopted(key: string, child: Device): readonly [string, Device] {
    this.adopt(key, child);
    return [key, child];
  }

  /** Declares the members that a description has more than the one before. */
  #addNew(): void {
    const { description } = this.#handle;
    const properties = moduleProperties(description);
    const isKnown = this.#declared.size > 0;
    // A member keeps its name, also when another description gives it another one.
    if (isKnown) {
      this.#handle.names = new Map([...accessibleNames(description.accessibles.keys()), ...this.#handle.names]);
    }
    const { names } = this.#handle;
    const named = propertyNames(properties.keys(), names);
    this.#propertyNames = isKnown ? new Map([...named, ...this.#propertyNames]) : named;
    super.addReadables(this.#properties.adopt(properties), "config");
    for (const name of description.accessibles.keys()) {
      if (this.#declared.has(name)) continue;
      this.#declared.add(name);
      declareMember(this, name, names.get(name), { get: () => this.accessibles.get(name) });
    }
    if (this.#made) this.#makeNew(this.#made);
    for (const [name, signal] of this.properties) {
      declareMember(this, name, this.#propertyNames.get(name), { value: signal });
    }
  }

  #make(): ReadonlyMap<string, AccessibleMember> {
    const made = new Map<string, AccessibleMember>();
    this.#made = made;
    this.#makeNew(made);
    return made;
  }

  /** Makes the signals and commands that are not made yet. */
  #makeNew(made: Map<string, AccessibleMember>): void {
    const { description } = this.#handle;
    const added: [SignalR, Format][] = [];
    for (const [name, accessible] of description.accessibles) {
      if (made.has(name)) continue;
      const names = this.#handle.names.get(name) ?? { key: name, member: name };
      const isCommand = accessible.kind === "command";
      const member = isCommand
        ? makeCommand(this.#handle, this, names, accessible)
        : makeSignal(this.#handle, accessible);
      made.set(name, member);
      // It belongs to this module from the beginning, so that no device that borrows it gives it a name.
      if (member instanceof Device) this.adopt(names.key, member);
      if (!isCommand && member instanceof SignalR) added.push([member, signalFormat(description, accessible)]);
    }
    this.#record(added);
  }

  /** Signals of one format that follow each other are added together, since a single one takes as long. */
  #record(added: readonly (readonly [SignalR, Format])[]): void {
    for (let from = 0, to = 1; from < added.length; to += 1) {
      if (added[to]?.[1] === added[from]?.[1]) continue;
      const signals = added.slice(from, to);
      super.addReadables(
        signals.map(([signal]) => signal),
        signals[0]?.[1],
      );
      from = to;
    }
  }
}

function makeSignal(handle: ModuleHandle, parameter: ParameterDescription): SignalR {
  const backend = new ParameterBackend(handle, parameter.name);
  return isSettable(parameter) ? new SignalRW(backend) : new SignalR(backend);
}
