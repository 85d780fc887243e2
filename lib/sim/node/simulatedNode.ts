/** A simulated SEC node without its network: its modules, its description, and its listeners. */

import { NoSuchModuleError } from "../../errors";
import { isBusy } from "../../secop/values/moduleStatus";
import type {
  CommandDefinition,
  JsonObject,
  ModuleDefinition,
  ModuleFactory,
  ParameterDefinition,
} from "./moduleDefinition";
import { type ModuleListener, type SimLogLevel, SimModule } from "./simModule";
import { asSecopError, type SimParameter } from "./simParameter";

/** Receives the messages that a node sends unasked, such as a session with a client. */
export interface NodeListener {
  /** `line` is an `update` or `error_update` message. */
  update(module: string, line: string): void;
  /** A line of the log of a module. */
  log(module: string, level: SimLogLevel, text: string): void;
  /** The node has a new description, so that the old one is no longer valid. */
  redescribed(): void;
}

/** The definition of a simulated node. */
export interface SimulatedNodeDefinition {
  readonly modules: Iterable<readonly [string, ModuleFactory]>;
  /** The answer to `*IDN?`. */
  readonly identity: string;
  /** The answer to `describe`. If it has no `modules`, they are added from the definitions. */
  readonly description: JsonObject;
  /** Whether it is a twin of another node. Default false. */
  readonly isTwin?: boolean;
}

/** The modules of a node, and the listeners of their changes. */
export class SimulatedNode implements ModuleListener {
  readonly modules = new Map<string, SimModule>();
  /** The answer to `*IDN?`. */
  readonly identity: string;
  #description: JsonObject = {};
  readonly #listeners = new Set<NodeListener>();

  constructor(definition: SimulatedNodeDefinition) {
    this.identity = definition.identity;
    this.#build(definition);
  }

  /** The answer to `describe`. */
  get description(): JsonObject {
    return this.#description;
  }

  /** Whether one of its modules is busy. */
  get isBusy(): boolean {
    return [...this.modules.values()].some(({ parameters }) => {
      const status = parameters.get("status")?.wire;
      return Array.isArray(status) && typeof status[0] === "number" && isBusy(status[0]);
    });
  }

  /** Replaces all modules, as after a change of the configuration. */
  redescribe(definition: Omit<SimulatedNodeDefinition, "identity">): void {
    this.modules.clear();
    this.#build(definition);
    for (const listener of this.#listeners) listener.redescribed();
  }

  /** @throws NoSuchModuleError */
  module(name: string): SimModule {
    const module = this.modules.get(name);
    if (!module) throw new NoSuchModuleError(`this node has no module ${name}`);
    return module;
  }

  /** Adds a listener. Returns the function that removes it. */
  subscribe(listener: NodeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets simulated seconds pass. */
  advance(seconds: number): void {
    const poll = this.#listeners.size > 0;
    for (const module of this.modules.values()) {
      try {
        module.advance(seconds, poll);
      } catch (error) {
        if (module.parameters.has("status")) module.fail("status", asSecopError(error));
      }
    }
  }

  changed(module: SimModule, parameter: SimParameter): void {
    if (this.#listeners.size === 0) return;
    const line = updateLine(module, parameter);
    for (const listener of this.#listeners) listener.update(module.name, line);
  }

  logged(module: SimModule, level: SimLogLevel, text: string): void {
    for (const listener of this.#listeners) listener.log(module.name, level, text);
  }

  #build({ modules, description }: Omit<SimulatedNodeDefinition, "identity">): void {
    for (const [name, factory] of modules) this.modules.set(name, new SimModule(name, factory, this));
    this.#description = description.modules ? description : describeNode(this.modules.values(), description);
  }
}

/** The event message with the present value or error of a parameter. */
export function updateLine(module: SimModule, parameter: SimParameter): string {
  const specifier = `${module.name}:${parameter.name}`;
  const { error } = parameter;
  return error
    ? `error_update ${specifier} ${parameter.errorReport(error)}`
    : `update ${specifier} ${parameter.report()}`;
}

function describeNode(modules: Iterable<SimModule>, properties: JsonObject): JsonObject {
  // fromEntries defines own properties, so that a module may even be called `__proto__`.
  const described = Array.from(modules, (module) => [module.name, describeModule(module.definition)] as const);
  return { ...properties, modules: Object.fromEntries(described) };
}

function describeModule(definition: ModuleDefinition): JsonObject {
  const parameters = Object.entries(definition.parameters).map(([name, p]) => [name, describeParameter(p)] as const);
  const commands = Object.entries(definition.commands ?? {}).map(([name, c]) => [name, describeCommand(c)] as const);
  return {
    description: definition.description,
    interface_classes: definition.interface_classes,
    features: [],
    ...definition.properties,
    accessibles: Object.fromEntries([...parameters, ...commands]),
  };
}

function describeParameter({ description, datainfo, constant, properties, ...rest }: ParameterDefinition): JsonObject {
  const fixed = constant === undefined ? {} : { constant };
  return { description, datainfo, readonly: rest.readonly ?? true, ...fixed, ...properties };
}

function describeCommand({ description, argument, result, properties }: CommandDefinition): JsonObject {
  const datainfo = { type: "command", ...(argument ? { argument } : {}), ...(result ? { result } : {}) };
  return { description, datainfo, ...properties };
}
