/** What a SEC node says about itself: the structure report of `describe`, as types. */

import type { Accessible } from "./accessible";
import type { Meaning } from "./presentation";

export type { Accessible, CommandDescription, ParameterDescription } from "./accessible";
export type { Meaning } from "./presentation";

export interface ModuleDescription {
  readonly name: string;
  readonly description: string;
  /** The highest known one says how the module is used; may be empty. */
  readonly interface_classes: readonly string[];
  readonly features: readonly string[];
  readonly implementation?: string;
  readonly implementor?: string;
  /** A path with ":" between its parts. */
  readonly group?: string;
  /**
   * Access of expert, advanced user and user, each `w`, `r` or `-` (SECoP 2.0's form; older ones are
   * translated).
   */
  readonly visibility?: string;
  readonly meaning?: Meaning;
  /** Role to module name (SECoP 2.0); the role "t" is the time channel. */
  readonly acquisition_channels?: ReadonlyMap<string, string>;
  readonly accessibles: ReadonlyMap<string, Accessible>;
  /** All other properties, as JSON; custom ones begin with `_`. */
  readonly properties: ReadonlyMap<string, unknown>;
}

/** A role in a system is a module or another system (SECoP 2.0). */
export interface SystemDescription {
  readonly name: string;
  readonly description: string;
  readonly system: string;
  readonly modules: ReadonlyMap<string, string>;
}

export interface NodeDescription {
  readonly equipment_id: string;
  readonly description: string;
  readonly firmware?: string;
  readonly implementor?: string;
  /** Seconds the node may take for a reply; absent means 10. */
  readonly timeout?: number;
  readonly modules: ReadonlyMap<string, ModuleDescription>;
  readonly systems: ReadonlyMap<string, SystemDescription>;
  readonly schemata: readonly string[];
  /** All other properties, as JSON; custom ones begin with `_`. */
  readonly properties: ReadonlyMap<string, unknown>;
  /** What violates the spec, each with its place. */
  readonly problems: readonly string[];
  /** The JSON value as the node sent it. */
  readonly raw: unknown;
}

/** A description before its rules are checked. */
export type UncheckedDescription = Omit<NodeDescription, "problems">;
