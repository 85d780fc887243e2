/** A module that is simulated by its description only. */

import type { CommandDescription, ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import { isBusy, STATUS, statusGroup } from "../../secop/values/moduleStatus";
import { plainestWireValue } from "../../secop/values/plainestValue";
import { physicalLimits } from "../../secop/values/scale";
import type {
  CommandDefinition,
  JsonObject,
  JsonValue,
  ModuleDefinition,
  ModuleSelf,
  ParameterDefinition,
} from "../node/moduleDefinition";

/** Simulated seconds that a movement takes. */
const MOVE_TIME = 1;

/** A module that stores what is written, moves if it is a Drivable, and is busy for a while after `go`. */
export function replicaModule(self: ModuleSelf, module: ModuleDescription): ModuleDefinition {
  const replica = new Replica(self, module);
  const parameters: Record<string, ParameterDefinition> = Object.create(null);
  const commands: Record<string, CommandDefinition> = Object.create(null);
  for (const [name, accessible] of module.accessibles) {
    if (accessible.kind === "command") commands[name] = replica.command(name, accessible);
    else parameters[name] = replica.parameter(name, accessible);
  }
  return {
    description: module.description,
    interface_classes: module.interface_classes,
    parameters,
    commands,
    step: (dt) => replica.step(dt),
  };
}

/** The behaviour of such a module. */
class Replica {
  readonly #self: ModuleSelf;
  readonly #module: ModuleDescription;
  readonly #busyCode: number | undefined;
  readonly #idleCode: number;
  /** Seconds left of the present movement; 0 at rest. */
  #left = 0;

  constructor(self: ModuleSelf, module: ModuleDescription) {
    this.#self = self;
    this.#module = module;
    const codes = statusCodes(module);
    this.#busyCode = codes.find(isBusy);
    this.#idleCode = codes.find((code) => statusGroup(code) === "IDLE") ?? STATUS.IDLE;
  }

  parameter(name: string, { description, datainfo, readonly, constant }: ParameterDescription): ParameterDefinition {
    const fixed = constant === undefined ? {} : { constant: wireOf(datainfo, constant) };
    const idle = name === "status" && statusCodes(this.#module).includes(this.#idleCode);
    return {
      description,
      // The cast is safe: a parsed datainfo has the same keys as on the wire.
      datainfo: datainfo as unknown as JsonObject,
      readonly,
      ...fixed,
      ...(idle ? { initial: [this.#idleCode, ""] } : widestLimit(this.#module, name, datainfo)),
      ...(name === "target" ? { write: (value: unknown) => this.#setTarget(value) } : {}),
    };
  }

  command(name: string, { description, argument, result }: CommandDescription): CommandDefinition {
    const types = {
      ...(argument ? { argument: argument as unknown as JsonObject } : {}),
      ...(result ? { result: result as unknown as JsonObject } : {}),
    };
    if (name === "go") return { description, ...types, run: () => this.#start() };
    if (name === "stop") return { description, ...types, run: () => this.#stop() };
    return { description, ...types };
  }

  step(dt: number): void {
    if (this.#left <= 0) return;
    this.#approach(Math.min(1, dt / this.#left));
    this.#left -= dt;
    if (this.#left <= 0) this.#rest("");
  }

  #setTarget(value: unknown): void {
    this.#self.set("target", value);
    if (!this.#module.accessibles.has("go")) this.#start();
  }

  #start(): void {
    if (this.#busyCode === undefined) {
      this.#approach(1);
      return;
    }
    this.#left = MOVE_TIME;
    this.#self.status(this.#busyCode, "simulated movement");
  }

  #stop(): void {
    if (this.#left <= 0) return;
    this.#left = 0;
    this.#rest("stopped");
  }

  #rest(text: string): void {
    this.#self.status(this.#idleCode, text);
  }

  /**
   * Moves `value` towards `target` by a fraction of the way. A value that is not a double jumps at the end.
   */
  #approach(fraction: number): void {
    const { accessibles } = this.#module;
    const [value, target] = [accessibles.get("value"), accessibles.get("target")];
    if (value?.kind !== "parameter" || target?.kind !== "parameter" || value.datainfo.type !== target.datainfo.type) {
      return;
    }
    const goal = this.#self.get<unknown>("target");
    const now = this.#self.get<unknown>("value");
    const smooth = value.datainfo.type === "double" && typeof now === "number" && typeof goal === "number";
    if (fraction >= 1) this.#self.set("value", goal);
    else if (smooth) this.#self.set("value", now + (goal - now) * fraction);
  }
}

/** A constant as on the wire; the plainest value if its own datainfo forbids it. */
function wireOf(datainfo: Datainfo, value: unknown): JsonValue {
  try {
    return codecFor(datainfo).encode(value) as JsonValue;
  } catch {
    return plainestWireValue(datainfo) as JsonValue;
  }
}

/** A parameter that limits another one starts with all that the other one allows. */
function widestLimit(module: ModuleDescription, name: string, info: Datainfo): Pick<ParameterDefinition, "initial"> {
  const [, base, postfix] = /^(.+)_(limits|min|max)$/.exec(name) ?? [];
  const limited = base === undefined ? undefined : module.accessibles.get(base);
  if (limited?.kind !== "parameter") return {};
  const { min = -Number.MAX_VALUE, max = Number.MAX_VALUE } = physicalLimits(limited.datainfo);
  const initial = postfix === "limits" ? [min, max] : postfix === "min" ? min : max;
  try {
    codecFor(info).encode(initial);
    return { initial };
  } catch {
    // It has another type, or limits of its own.
    return {};
  }
}

function statusCodes(module: ModuleDescription): number[] {
  const status = module.accessibles.get("status");
  if (status?.kind !== "parameter" || status.datainfo.type !== "tuple") return [];
  const [codes, text, ...rest] = status.datainfo.members;
  return codes?.type === "enum" && text?.type === "string" && rest.length === 0 ? Object.values(codes.members) : [];
}
