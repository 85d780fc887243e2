/** The definition of a simulated module: the datainfo and the behaviour of each accessible. */

import type { SecopError } from "../../errors";

/** A value of JSON. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
/** An object of JSON. */
export type JsonObject = { readonly [key: string]: JsonValue };

/**
 * A parameter. Values are as in the library: names of enums, physical numbers, typed arrays, bytes.
 *
 * The functions take `never`, so that each definition can declare the type that its datainfo allows.
 */
export interface ParameterDefinition {
  readonly description: string;
  /** The datainfo as in `describe`. */
  readonly datainfo: JsonObject;
  /** Whether clients can only read it. Default true. */
  readonly readonly?: boolean;
  /** Value as on the wire, which makes the parameter a constant. */
  readonly constant?: JsonValue;
  /** More properties (`group`, `visibility`, `checkable`, `_custom`), as in `describe`. */
  readonly properties?: JsonObject;
  /**
   * Throws a `SecopError` for a value that the datainfo allows but that the configuration of the node rules
   * out.
   */
  readonly check?: (value: never) => void;
  /** Value at the start. Default: the plainest one that the datainfo allows. */
  readonly initial?: unknown;
  /**
   * Returns the value for a read or a poll; throws a `SecopError` if it fails. Default: the present value.
   */
  readonly read?: () => unknown;
  /**
   * Sets a value; throws a `SecopError` to refuse it. Returns the accepted value, or undefined if it is the
   * given one.
   */
  readonly write?: (value: never) => unknown;
}

/** A command. */
export interface CommandDefinition {
  readonly description: string;
  readonly argument?: JsonObject;
  readonly result?: JsonObject;
  readonly properties?: JsonObject;
  /** Throws a `SecopError` for an argument that the configuration of the node rules out. */
  readonly check?: (argument: never) => void;
  /**
   * Runs the command and returns its result; throws a `SecopError` to refuse. Default: the plainest allowed
   * result.
   */
  readonly run?: (argument: never) => unknown;
}

/** A module. */
export interface ModuleDefinition {
  readonly description: string;
  readonly interface_classes: readonly string[];
  /** More properties (`group`, `meaning`, `implementation`, `features`), as in `describe`. */
  readonly properties?: JsonObject;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly commands?: Readonly<Record<string, CommandDefinition>>;
  /** Seconds between two polls. Default: the parameter `pollinterval`, or 5 s without one. */
  readonly pollPeriod?: number;
  /** Lets `dt` seconds of simulated time pass. */
  readonly step?: (dt: number) => void;
}

/** A module as seen by its own behaviour. Usable only inside `read`, `write`, `run` and `step`. */
export interface ModuleSelf {
  readonly name: string;
  /** The present value of a parameter. The caller knows its type from the datainfo. */
  get<T>(parameter: string): T;
  /** Sets a value and sends an update to the clients if it has changed. */
  set(parameter: string, value: unknown): void;
  /** Puts a parameter into an error state until the next `set`. */
  fail(parameter: string, error: SecopError): void;
  /** Sets `status` to a code that its datainfo declares, and a text. */
  status(code: number, text: string): void;
  /** Sends a log message to the clients that asked for this level. */
  log(level: "debug" | "info" | "error", text: string): void;
}

/** Makes the definition of a module. */
export type ModuleFactory = (self: ModuleSelf) => ModuleDefinition;
