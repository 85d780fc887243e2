/** What a simulated module is made of: for each accessible its datainfo and its behaviour side by side. */
import type { SecopError } from "../../errors";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** Values here are as in the library: enums by name, scaled as the physical number, numeric arrays typed, blobs bytes. */
export interface ParameterDefinition {
  readonly description: string;
  /** As in `describe`. */
  readonly datainfo: JsonObject;
  /** Default true. */
  readonly readonly?: boolean;
  /** As on the wire; makes the parameter a constant. */
  readonly constant?: JsonValue;
  /** Further properties (`group`, `visibility`, `checkable`, `_custom`), as in `describe`. */
  readonly properties?: JsonObject;
  /** Refuses by a `SecopError` what the datainfo allows, but the node as it is configured cannot do, whatever its status is now. */
  readonly check?: (value: never) => void;
  /** Value at start; default: the first one the datainfo allows. */
  readonly initial?: unknown;
  /** What a read or a poll finds; throws a `SecopError` where it fails. Default: the value it has. */
  readonly read?: () => unknown;
  /** Takes a value the datainfo allows and returns the read-back (nothing: the value as it is); throws a `SecopError` to refuse it. */
  readonly write?: (value: never) => unknown;
}

export interface CommandDefinition {
  readonly description: string;
  readonly argument?: JsonObject;
  readonly result?: JsonObject;
  readonly properties?: JsonObject;
  /** As of a parameter. */
  readonly check?: (argument: never) => void;
  /** Gives the result; throws a `SecopError` to refuse. Default: gives the first value the result's datainfo allows. */
  readonly run?: (argument: never) => unknown;
}

export interface ModuleDefinition {
  readonly description: string;
  readonly interface_classes: readonly string[];
  /** Further properties (`group`, `meaning`, `implementation`, `features`), as in `describe`. */
  readonly properties?: JsonObject;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly commands?: Readonly<Record<string, CommandDefinition>>;
  /** Lets `dt` seconds of simulated time pass. */
  readonly step?: (dt: number) => void;
}

/** The module as its own behaviour sees it. Not usable before the node is built: only inside `read`, `write`, `run`, `step`. */
export interface ModuleSelf {
  readonly name: string;
  /** The present value; the caller knows its type from the datainfo. */
  get<T>(parameter: string): T;
  /** Sets the value and tells the clients if it is another one. */
  set(parameter: string, value: unknown): void;
  /** Puts the parameter in error until the next `set`. */
  fail(parameter: string, error: SecopError): void;
  /** Sets `status`: a code the datainfo declares, and a text. */
  status(code: number, text: string): void;
  /** To the clients that asked for logging at this level. */
  log(level: "debug" | "info" | "error", text: string): void;
}

export type ModuleFactory = (self: ModuleSelf) => ModuleDefinition;
