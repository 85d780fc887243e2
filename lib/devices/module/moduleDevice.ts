/** A module of a SEC node as a device. */

import { signalFormat } from "../../codegen/signalFormat";
import { Device } from "../../core/device/device";
import type { DataKeys, Readings, SyncOrAsync } from "../../core/protocols/protocols";
import { SignalR, SignalRW, thenSync } from "../../core/signal/signal";
import { StandardReadable } from "../../core/standard/standardReadable";
import { $display, type MimeBundle } from "../../display/bundle";
import { isSettable } from "../../secop/description/accessible";
import type { ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { memberNames } from "../../secop/description/memberName";
import { type Command, makeCommand } from "./command";
import { displayModule } from "./moduleDisplay";
import { ModuleHandle } from "./moduleHandle";
import type { NodeLink } from "./nodeLink";
import { ParameterBackend } from "./parameterBackend";
import { moduleProperties, withProperties, withPropertyKeys } from "./propertyConfig";
import { readFailure } from "./readFailure";

/** A signal or command of a module. */
export type AccessibleMember = SignalR | Command<unknown, unknown>;

/** The handle of a module device, for code of this folder. */
export let handleOf: (device: ModuleDevice) => ModuleHandle;

/** Gives a module device its new description. New parameters and commands become members. */
export let adoptDescription: (device: ModuleDevice, description: ModuleDescription) => void;

/**
 * A module of a SEC node. Its parameters are signals and its commands are plans, under their names on the
 * wire. A name that the class itself uses gets a `_` at its end. The map `accessibles` has all of them.
 *
 * `value` is recorded as hinted, and so is the `target` of a Drivable. `status` is not recorded unless
 * `setFormat` says so. Other parameters and the properties of the module (`implementation`, `description`
 * ...) are configuration.
 */
export class ModuleDevice extends StandardReadable {
  static {
    handleOf = (device) => device.#handle;
    adoptDescription = (device, description) => {
      device.#handle.description = description;
      device.#addNew();
    };
  }

  /** Signals and commands by their names on the wire. */
  readonly accessibles: ReadonlyMap<string, AccessibleMember>;
  readonly #accessibles = new Map<string, AccessibleMember>();
  readonly #handle: ModuleHandle;

  /** @internal Only the node makes its modules. */
  constructor(link: NodeLink, description: ModuleDescription) {
    super();
    this.#handle = new ModuleHandle(link, description);
    this.accessibles = this.#accessibles;
    this.#addNew();
  }

  /** The description of the module by the node. */
  get description(): ModuleDescription {
    return this.#handle.description;
  }

  override *children(): Generator<readonly [string, Device]> {
    for (const [name, member] of this.accessibles) {
      if (!(member instanceof Device)) continue;
      this.adopt(name, member);
      yield [name, member];
    }
  }

  /** Rejects if a parameter has no value; the error says how to read the others. */
  override read(): SyncOrAsync<Readings> {
    return this.#advised(super.read());
  }

  /** Rejects like `read`. */
  override readConfiguration(): SyncOrAsync<Readings> {
    const properties = moduleProperties(this.description);
    return thenSync(this.#advised(super.readConfiguration()), (parameters) =>
      withProperties(this.name, properties, parameters),
    );
  }

  override describeConfiguration(): SyncOrAsync<DataKeys> {
    const source = `${this.#handle.link.address}:${this.#handle.name}`;
    const properties = moduleProperties(this.description);
    return thenSync(super.describeConfiguration(), (keys) => withPropertyKeys(this.name, source, properties, keys));
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

  #addNew(): void {
    const { description } = this.#handle;
    const members = memberNames(description.accessibles.keys());
    for (const [name, accessible] of description.accessibles) {
      if (this.#accessibles.has(name)) continue;
      const isCommand = accessible.kind === "command";
      const key = members.get(name) ?? name;
      const member = isCommand
        ? makeCommand(this.#handle, this, key, accessible)
        : makeSignal(this.#handle, accessible);
      this.#accessibles.set(name, member);
      if (!Object.hasOwn(this, key)) Object.defineProperty(this, key, { value: member, enumerable: true });
      if (member instanceof SignalR && !isCommand) this.addReadables([member], signalFormat(description, accessible));
    }
  }
}

function makeSignal(handle: ModuleHandle, parameter: ParameterDescription): SignalR {
  const backend = new ParameterBackend(handle, parameter.name);
  return isSettable(parameter) ? new SignalRW(backend) : new SignalR(backend);
}
