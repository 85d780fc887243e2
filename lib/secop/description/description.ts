/** The description of a SEC node: the structure report of `describe`, as types. */

import type { Accessible } from "./accessible";
import type { Meaning } from "./presentation";

export type { Accessible, CommandDescription, ParameterDescription } from "./accessible";
export type { Meaning } from "./presentation";

/** What a node says about a module (SECoP 1.0, "Module Properties"). */
export interface ModuleDescription {
  /** The name of the module. */
  readonly name: string;
  /** What the module is, in the words of the node. */
  readonly description: string;
  /** The most capable known class decides how the module is used; the list may be empty. */
  readonly interface_classes: readonly string[];
  /** The features of SECoP that it has. */
  readonly features: readonly string[];
  /** The class of the module in the software of the node. */
  readonly implementation?: string;
  /** Who wrote that class. */
  readonly implementor?: string;
  /** A path with ":" between its parts. */
  readonly group?: string;
  /**
   * Access of expert, advanced user and user, each `w`, `r` or `-` (SECoP 2.0's form; older ones are
   * translated).
   */
  readonly visibility?: string;
  /** What physical quantity it is (SECoP `meaning`). */
  readonly meaning?: Meaning;
  /** Role to module name (SECoP 2.0); the role "t" is the time channel. */
  readonly acquisition_channels?: ReadonlyMap<string, string>;
  /** Its parameters and commands by their wire names. */
  readonly accessibles: ReadonlyMap<string, Accessible>;
  /** All other properties, as JSON; custom ones begin with `_`. */
  readonly properties: ReadonlyMap<string, unknown>;
}

/** What a node says about a system, a group of modules with roles (SECoP 2.0). */
export interface SystemDescription {
  readonly name: string;
  readonly description: string;
  readonly system: string;
  /** The module or system in each role. */
  readonly modules: ReadonlyMap<string, string>;
}

/** What a node says about itself (SECoP 1.0, "SEC Node Properties"). */
export interface NodeDescription {
  /** The name of the equipment, unique in the world. */
  readonly equipment_id: string;
  /** What the node is, in its own words. */
  readonly description: string;
  /** The software of the node. */
  readonly firmware?: string;
  /** Who wrote the software. */
  readonly implementor?: string;
  /** Seconds the node may take for a reply; absent means 10. */
  readonly timeout?: number;
  /** Its modules by their names. */
  readonly modules: ReadonlyMap<string, ModuleDescription>;
  /** Its systems by their names (SECoP 2.0). */
  readonly systems: ReadonlyMap<string, SystemDescription>;
  /** The schemata that it follows (SECoP 2.0). */
  readonly schemata: readonly string[];
  /** All other properties, as JSON; custom ones begin with `_`. */
  readonly properties: ReadonlyMap<string, unknown>;
  /** The violations of the spec, each with its place. */
  readonly problems: readonly string[];
  /** The JSON value as the node sent it. */
  readonly raw: unknown;
}

/** A description before its rules are checked. */
export type UncheckedDescription = Omit<NodeDescription, "problems">;
