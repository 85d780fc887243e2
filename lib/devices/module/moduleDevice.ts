import { signalFormat } from "../../codegen/signalFormat";
import { Device } from "../../core/device/device";
import type { DataKeys, Readings, SyncOrAsync } from "../../core/protocols/protocols";
import { SignalR, SignalRW, thenSync } from "../../core/signal/signal";
import { StandardReadable } from "../../core/standard/standardReadable";
import { $display, type MimeBundle } from "../../display/bundle";
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

/** The handle behind a module device, for the classes that build on it. */
export let handleOf: (device: ModuleDevice) => ModuleHandle;

/** Gives a module device what the node says now; new parameters and commands become members. */
export let adoptDescription: (device: ModuleDevice, description: ModuleDescription) => void;

/**
 * A module of a SEC node. Its parameters are signals, its commands plans, under their names on the wire; a name that is taken
 * has a `_` after it, and `accessibles` has all of them.
 *
 * `value` is recorded as hinted (`target` as well, where it can be driven), `status` not at all unless `setFormat` says so,
 * anything else as configuration, and so are the properties of the module (`implementation`, `description` ...).
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

  /** @internal Modules are made by their node. */
  constructor(link: NodeLink, description: ModuleDescription) {
    super();
    this.#handle = new ModuleHandle(link, description);
    this.accessibles = this.#accessibles;
    this.#addNew();
  }

  /** What the node says of the module. */
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

  /** Rejects where one parameter has no value, with what can be done about it. */
  override read(): SyncOrAsync<Readings> {
    return this.#advised(super.read());
  }

  /** As `read`. */
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
  return parameter.readonly || parameter.constant !== undefined ? new SignalR(backend) : new SignalRW(backend);
}
