/** A simulated module at run time. */

import {
  NoSuchCommandError,
  NoSuchParameterError,
  NotCheckableError,
  ReadOnlyError,
  type SecopError,
  WrongTypeError,
} from "../../errors";
import { codecFor } from "../../secop/values/codecFor";
import { type CommandInfo, type Datainfo, parseCommandInfo, parseDatainfo } from "../../secop/values/datainfo";
import { plainestWireValue } from "../../secop/values/plainestValue";
import { checkedValue, closestValid } from "./checkedValue";
import type { CommandDefinition, ModuleDefinition, ModuleFactory, ModuleSelf } from "./moduleDefinition";
import { SimParameter } from "./simParameter";

/** Is notified of changes and log messages of a module. */
export interface ModuleListener {
  changed(module: SimModule, parameter: SimParameter): void;
  logged(module: SimModule, level: SimLogLevel, text: string): void;
}

/** Levels of the log messages that a node sends (spec: "logging"). */
export type SimLogLevel = "debug" | "info" | "error";

/** Longest step of a behaviour in s of simulated time. */
const LONGEST_STEP = 1;
/** Simulated seconds between two polls, unless the module has a `pollinterval`. */
const DEFAULT_POLL_INTERVAL = 5;

/** The values of a module and their behaviour, and the requests that clients send to it. */
export class SimModule implements ModuleSelf {
  readonly name: string;
  readonly definition: ModuleDefinition;
  readonly parameters = new Map<string, SimParameter>();
  readonly #commands = new Map<string, SimCommand>();
  readonly #listener: ModuleListener;
  #untilPoll = 0;

  constructor(name: string, factory: ModuleFactory, listener: ModuleListener) {
    this.name = name;
    this.#listener = listener;
    this.definition = factory(this);
    for (const [parameter, definition] of Object.entries(this.definition.parameters)) {
      this.parameters.set(parameter, new SimParameter(parameter, definition, parseDatainfo(definition.datainfo)));
    }
    for (const [command, definition] of Object.entries(this.definition.commands ?? {})) {
      this.#commands.set(command, new SimCommand(`${name}:${command}`, definition));
    }
  }

  get<T>(parameter: string): T {
    return this.parameter(parameter).value as T;
  }

  set(name: string, value: unknown): void {
    const parameter = this.parameter(name);
    if (parameter.set(value)) this.#listener.changed(this, parameter);
  }

  fail(name: string, error: SecopError): void {
    const parameter = this.parameter(name);
    if (parameter.fail(error)) this.#listener.changed(this, parameter);
  }

  status(code: number, text: string): void {
    this.set("status", [code, text]);
  }

  log(level: SimLogLevel, text: string): void {
    this.#listener.logged(this, level, text);
  }

  /** @throws NoSuchParameterError */
  parameter(name: string): SimParameter {
    const parameter = this.parameters.get(name);
    if (!parameter) throw new NoSuchParameterError(`module ${this.name} has no parameter ${name}`);
    return parameter;
  }

  /** Reads a parameter. @throws NoSuchParameterError, or the error of the reading. */
  read(name: string): SimParameter {
    const parameter = this.parameter(name);
    if (parameter.refresh()) this.#listener.changed(this, parameter);
    if (parameter.error) throw parameter.error;
    return parameter;
  }

  /** Sets a parameter to the JSON value of a client. @throws SecopError if it is refused. */
  change(name: string, wire: unknown): SimParameter {
    const parameter = this.#writable(name);
    const value = parameter.check(wire);
    const readback = parameter.definition.write?.(value as never);
    if (parameter.set(readback === undefined ? value : readback)) this.#listener.changed(this, parameter);
    return parameter;
  }

  /**
   * Runs a command and returns its result as on the wire. `wire` is its argument. @throws SecopError if it is
   * refused.
   */
  do(name: string, wire: unknown): unknown {
    const command = this.#commands.get(name);
    if (!command) throw new NoSuchCommandError(`module ${this.name} has no command ${name}`);
    return command.run(wire);
  }

  /** Checks a value for `change` or `do`. @throws SecopError if it would be refused; NotCheckableError. */
  check(name: string, wire: unknown): void {
    const command = this.#commands.get(name);
    const definition = command?.definition ?? this.parameter(name).definition;
    if (definition.properties?.checkable !== true) throw new NotCheckableError(`${this.name}:${name} is not checkable`);
    if (command) command.check(wire);
    else this.#writable(name).check(wire);
  }

  /** The allowed value that is closest to one out of range, as on the wire; undefined if there is none. */
  closestValid(name: string, wire: unknown): number | undefined {
    const info = this.#commands.get(name)?.argument ?? this.parameters.get(name)?.datainfo;
    return info ? closestValid(info, wire) : undefined;
  }

  /** Lets simulated time pass. `poll` says whether any client is connected. */
  advance(seconds: number, poll: boolean): void {
    const { step, pollPeriod } = this.definition;
    if (step) {
      const steps = Math.ceil(seconds / LONGEST_STEP);
      for (let n = 0; n < steps; n += 1) step(seconds / steps);
    }
    this.#untilPoll -= seconds;
    if (!poll || this.#untilPoll > 0) return;
    const interval = this.parameters.has("pollinterval") ? this.get<number>("pollinterval") : DEFAULT_POLL_INTERVAL;
    // What a tick was late is made up for, so that the mean period is right.
    this.#untilPoll = Math.max(0, this.#untilPoll + (pollPeriod ?? interval));
    this.refresh();
  }

  /** Reads every parameter from the behaviour. */
  refresh(): void {
    for (const parameter of this.parameters.values()) {
      if (parameter.refresh()) this.#listener.changed(this, parameter);
    }
  }

  #writable(name: string): SimParameter {
    const parameter = this.parameter(name);
    if (parameter.isConstant) throw new ReadOnlyError(`${this.name}:${name} is a constant`);
    if (parameter.isReadonly) throw new ReadOnlyError(`${this.name}:${name} can only be read`);
    return parameter;
  }
}

/** A command of a simulated module. */
class SimCommand {
  readonly definition: CommandDefinition;
  readonly #specifier: string;
  readonly #info: CommandInfo;

  constructor(specifier: string, definition: CommandDefinition) {
    this.#specifier = specifier;
    this.definition = definition;
    this.#info = parseCommandInfo({ type: "command", ...definition });
  }

  get argument(): Datainfo | null {
    return this.#info.argument;
  }

  run(wire: unknown): unknown {
    const argument = this.check(wire);
    const result = this.definition.run?.(argument as never);
    const { result: info } = this.#info;
    if (!info) return null;
    return result === undefined ? plainestWireValue(info) : codecFor(info).encode(result);
  }

  /** The argument for the JSON value of a client. @throws SecopError if it is refused. */
  check(wire: unknown): unknown {
    const { argument } = this.#info;
    const given = wire !== undefined && wire !== null;
    if (argument && given) {
      const value = checkedValue(argument, codecFor(argument), wire);
      this.definition.check?.(value as never);
      return value;
    }
    if (argument) throw new WrongTypeError(`${this.#specifier} needs an argument: ${argument.type}`);
    if (given) throw new WrongTypeError(`${this.#specifier} takes no argument`);
    return undefined;
  }
}
