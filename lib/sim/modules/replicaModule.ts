/** A module that is simulated by its description and, if it was recorded, by how it behaved. */

import { secopError } from "../../errors";
import type { CommandDescription, ModuleDescription, ParameterDescription } from "../../secop/description/description";
import { moveSpeed, speedParameter } from "../../secop/description/moveSpeed";
import { codecFor } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import { isBusy, STATUS, statusGroup } from "../../secop/values/moduleStatus";
import { plainestWireValue } from "../../secop/values/plainestValue";
import type {
  CommandDefinition,
  JsonObject,
  JsonValue,
  ModuleDefinition,
  ModuleSelf,
  ParameterDefinition,
} from "../node/moduleDefinition";
import { FollowerNumber, type LeaderNumbers } from "./followerNumber";
import { checkDynamicLimits } from "./limitParameters";
import { isBusyStatus, type ModuleBehaviour, type StatusWords } from "./moduleBehaviour";
import { RecordedAnswers } from "./recordedAnswers";
import { ReplicaMotion } from "./replicaMotion";
import { ReplicaReadings } from "./replicaReadings";

/**
 * A module that stores what is written, moves if it is a Drivable, and is busy for a while after `go`.
 * `leaders` are the numbers of the node that others follow; the module adds its own.
 */
export function replicaModule(
  self: ModuleSelf,
  module: ModuleDescription,
  leaders: LeaderNumbers,
  behaviour?: ModuleBehaviour,
): ModuleDefinition {
  const replica = new Replica(self, module, leaders, behaviour);
  const parameters: Record<string, ParameterDefinition> = Object.create(null);
  const commands: Record<string, CommandDefinition> = Object.create(null);
  for (const [name, accessible] of module.accessibles) {
    if (accessible.kind === "command") commands[name] = replica.command(name, accessible);
    else parameters[name] = replica.parameter(name, accessible);
  }
  const { pollPeriod } = behaviour ?? {};
  return {
    description: module.description,
    interface_classes: module.interface_classes,
    parameters,
    commands,
    ...(pollPeriod !== undefined && { pollPeriod }),
    step: (dt) => replica.step(dt),
  };
}

/** The behaviour of such a module. */
class Replica {
  readonly #self: ModuleSelf;
  readonly #module: ModuleDescription;
  readonly #behaviour: ModuleBehaviour | undefined;
  readonly #motion: ReplicaMotion;
  readonly #readings: ReplicaReadings;
  readonly #answers: RecordedAnswers;
  readonly #busy: StatusWords | undefined;
  readonly #idle: StatusWords;
  /** The parameter with its speed; undefined if it has none. */
  readonly #speedName: string | undefined;
  /** Whether the speed is known: it was recorded, or set by a client. */
  #hasSpeed: boolean;
  /** The values of readings without their noise. */
  readonly #true = new Map<string, unknown>();
  /** The parameters that follow numbers of the node. */
  readonly #followers = new Map<string, FollowerNumber>();
  /** Whether a movement is under way, from where, and to where; undefined if the value has no target. */
  #underWay = false;
  #from: unknown;
  #to: unknown;
  /** Seconds until it says BUSY; undefined once it has. */
  #untilBusy: number | undefined;
  /** Whether it moved already when it was recorded. */
  #goesOn: boolean;

  constructor(
    self: ModuleSelf,
    module: ModuleDescription,
    leaders: LeaderNumbers,
    behaviour: ModuleBehaviour | undefined,
  ) {
    this.#self = self;
    this.#module = module;
    this.#behaviour = behaviour;
    this.#answers = new RecordedAnswers(behaviour);
    this.#readings = new ReplicaReadings(module, behaviour);
    this.#speedName = speedParameter((name) => this.#readings.datainfo(name));
    this.#hasSpeed = behaviour?.start.has(this.#speedName ?? "") ?? false;
    this.#motion = new ReplicaMotion(behaviour?.move, () => this.#speed());
    const codes = statusCodes(module);
    const busy = codes.find(isBusy);
    this.#busy = behaviour?.move?.busy ?? (busy === undefined ? undefined : [busy, "simulated movement"]);
    this.#idle = behaviour?.idle ?? [codes.find((code) => statusGroup(code) === "IDLE") ?? STATUS.IDLE, ""];
    this.#goesOn = isBusyStatus(behaviour?.start.get("status"));
    for (const [name, follows] of behaviour?.follows ?? [])
      this.#followers.set(name, new FollowerNumber(follows, leaders));
    leaders.set(`${module.name}:value`, () => numberOrNone(this.#place()));
    leaders.set(`${module.name}:target`, () => numberOrNone(this.#present("target")));
  }

  parameter(name: string, described: ParameterDescription): ParameterDefinition {
    const { description, datainfo, readonly, constant } = described;
    const initial = this.#readings.initial(described) ?? (name === "status" ? this.#statusAtStart() : undefined);
    if (typeof initial === "number") this.#true.set(name, initial);
    return {
      description,
      // The cast is safe: a parsed datainfo has the same keys as on the wire.
      datainfo: datainfo as unknown as JsonObject,
      readonly,
      ...(constant !== undefined && { constant: wireOf(datainfo, constant) }),
      ...(initial !== undefined && { initial }),
      ...(this.#isMeasured(name) && readonly && { read: () => this.#reading(name) }),
      check: (value: unknown) => this.#check(described, value),
      write: (value: unknown) => this.#write(name, value),
    };
  }

  command(name: string, { description, argument, result }: CommandDescription): CommandDefinition {
    // A datainfo is JSON; interfaces have no index signature, though.
    const types = {
      ...(argument ? { argument: argument as unknown as JsonObject } : {}),
      ...(result ? { result: result as unknown as JsonObject } : {}),
    };
    const run = (given: unknown) => {
      const answer = this.#answers.next(name, argument ? codecFor(argument).encode(given) : undefined);
      if (answer?.error) throw secopError(answer.error.code, answer.error.text);
      if (name === "go") this.#start();
      else if (name === "stop") this.#stop();
      return result && answer?.result !== undefined ? recordedResult(result, answer.result) : undefined;
    };
    return { description, ...types, run };
  }

  step(dt: number): void {
    this.#follow(dt);
    if (this.#goesOn) this.#start();
    const before = this.#motion.phase;
    if (before === "rests") return;
    this.#motion.step(dt);
    this.#becomeBusy(dt);
    const { phase } = this.#motion;
    // A node that was recorded reports at its own pace, when it is polled.
    if (this.#behaviour?.pollPeriod === undefined || phase === "rests") this.#publish();
    if (phase === "rests") this.#rest(this.#idle);
    else if (phase === "settles" && before !== "settles" && this.#untilBusy === undefined) {
      const { settles } = this.#behaviour?.move ?? {};
      if (settles) this.#self.status(...settles);
    }
  }

  #follow(dt: number): void {
    for (const [name, follower] of this.#followers) {
      follower.step(dt);
      // A node that was recorded reports when it is polled.
      if (this.#behaviour?.pollPeriod === undefined) this.#self.set(name, this.#reading(name));
    }
  }

  #check({ name, datainfo }: ParameterDescription, value: unknown): void {
    const refusal = this.#answers.refusal(name, codecFor(datainfo).encode(value));
    if (refusal) throw refusal;
    checkDynamicLimits(this.#module, name, value, (other) => this.#self.get(other));
  }

  #write(name: string, value: unknown): void {
    this.#self.set(name, value);
    if (name === this.#speedName) this.#hasSpeed = true;
    if (name === "target" && !this.#module.accessibles.has("go")) this.#start();
  }

  #start(): void {
    this.#goesOn = false;
    this.#from = this.#place();
    // A value that is driven no longer follows another one.
    if (this.#followers.delete("value")) this.#true.set("value", this.#from);
    this.#to = this.#goal();
    this.#underWay = true;
    if (this.#busy === undefined) {
      this.#arrive();
      return;
    }
    const isNumber = typeof this.#from === "number" && typeof this.#to === "number";
    this.#motion.begin(isNumber ? Math.abs((this.#to as number) - (this.#from as number)) : undefined);
    this.#untilBusy = this.#behaviour?.move?.busyAfter ?? 0;
    this.#becomeBusy(0);
  }

  /** Is at its target at once: a module without a status for movements. */
  #arrive(): void {
    this.#true.set("value", this.#to);
    this.#underWay = false;
    if (this.#to !== undefined) this.#self.set("value", this.#readings.of("value", this.#to));
  }

  #becomeBusy(dt: number): void {
    if (this.#untilBusy === undefined) return;
    this.#untilBusy -= dt;
    if (this.#untilBusy > 0) return;
    this.#untilBusy = undefined;
    if (this.#busy) this.#self.status(...this.#busy);
  }

  #stop(): void {
    if (this.#motion.phase === "rests") return;
    this.#publish();
    this.#motion.stop();
    this.#rest([this.#idle[0], "stopped"]);
  }

  #rest(status: StatusWords): void {
    this.#true.set("value", this.#place());
    this.#underWay = false;
    this.#untilBusy = undefined;
    this.#self.status(...status);
  }

  /** Sends where the value is now. */
  #publish(): void {
    if (this.#to === undefined) return;
    const place = this.#place();
    if (this.#readings.datainfo("setpoint")?.type === "double") this.#self.set("setpoint", place);
    this.#self.set("value", this.#readings.of("value", place));
  }

  #isMeasured(name: string): boolean {
    return name === "value" || this.#followers.has(name) || this.#readings.isNoisy(name);
  }

  /** The reading of a parameter, with noise. */
  #reading(name: string): unknown {
    const followed = this.#followers.get(name)?.value ?? this.#true.get(name);
    return this.#readings.of(name, name === "value" ? this.#place() : followed);
  }

  /** The value without noise. */
  #place(): unknown {
    const followed = this.#followers.get("value")?.value;
    if (followed !== undefined) return followed;
    if (!this.#underWay || this.#to === undefined) return this.#true.get("value") ?? this.#present("value");
    const [from, to, { fraction }] = [this.#from, this.#to, this.#motion];
    if (fraction === 1) return to;
    return typeof from === "number" && typeof to === "number" ? from + (to - from) * fraction : from;
  }

  /** The target that the value goes to; undefined if it is of another type, or there is none. */
  #goal(): unknown {
    const [value, target] = [this.#readings.datainfo("value"), this.#readings.datainfo("target")];
    return value && value.type === target?.type ? this.#present("target") : undefined;
  }

  /** Units per second by the parameters of the module; undefined if they do not say it. */
  #speed(): number | undefined {
    if (!this.#hasSpeed) return undefined;
    return moveSpeed({
      datainfo: (name) => this.#readings.datainfo(name),
      value: (name) => this.#present(name),
    });
  }

  #present(name: string): unknown {
    return this.#readings.datainfo(name) && this.#self.get<unknown>(name);
  }

  #statusAtStart(): StatusWords | undefined {
    return statusCodes(this.#module).includes(this.#idle[0]) ? this.#idle : undefined;
  }
}

const numberOrNone = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);

/** What a command answered; undefined, for the plainest value, if that was redacted or is of another type. */
function recordedResult(datainfo: Datainfo, wire: unknown): unknown {
  try {
    return codecFor(datainfo).decode(wire);
  } catch {
    return undefined;
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

function statusCodes(module: ModuleDescription): number[] {
  const status = module.accessibles.get("status");
  if (status?.kind !== "parameter" || status.datainfo.type !== "tuple") return [];
  const [codes, text, ...rest] = status.datainfo.members;
  return codes?.type === "enum" && text?.type === "string" && rest.length === 0 ? Object.values(codes.members) : [];
}
