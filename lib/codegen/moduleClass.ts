/** The source text of one class of a class file: a module with typed members. */

import { isSettable } from "../secop/description/accessible";
import type { Accessible, ModuleDescription } from "../secop/description/description";
import {
  INTERFACE_CLASS_NAMES,
  type InterfaceClass,
  interfaceClassOf,
  mainValuesOf,
} from "../secop/description/interfaceClass";
import { accessibleNames, type MemberNames, propertyNames } from "../secop/description/memberName";
import { moduleProperties } from "../secop/description/properties";
import type { Datainfo } from "../secop/values/datainfo";
import { datainfoUnit } from "../secop/values/datainfoUnit";
import { propertyType } from "./propertyType";
import { quantities, unitAndLimits } from "./quantity";
import { signalFormat } from "./signalFormat";
import { docComment, memberKey } from "./sourceText";
import { documentedType, typeOf, unionOf } from "./typeOf";

/** The device class of an interface class. */
const baseOf = (kind: InterfaceClass): string => `${kind}Device`;

/** Every device class that a class file may import. */
export const BASE_NAMES: readonly string[] = INTERFACE_CLASS_NAMES.map(baseOf);

/** The device class that the class of a module extends. */
export const baseNameOf = (module: ModuleDescription): string => baseOf(kindOf(module));

/**
 * The members that device classes declare themselves, each with the check whether an accessible fits it. A
 * module with an accessible that does not fit extends only ModuleDevice.
 */
const BASE_MEMBERS: ReadonlyMap<string, (accessible: Accessible) => boolean> = new Map([
  ["status", (a) => a.kind === "parameter"],
  ["communicate", (a) => a.kind === "command" && a.argument?.type === "string" && a.result?.type === "string"],
]);

function kindOf(module: ModuleDescription): InterfaceClass {
  for (const [name, fits] of BASE_MEMBERS) {
    const accessible = module.accessibles.get(name);
    if (accessible && !fits(accessible)) return "Module";
  }
  return interfaceClassOf(module);
}

/** The text of a class without its name, so that modules with equal texts share a class. */
export interface ClassText {
  /** The base class with its type arguments, after `extends`. */
  readonly heritage: string;
  /** The lines of the members. */
  readonly body: string;
}

/** The class of a module, without its name. */
export function moduleClass(module: ModuleDescription): ClassText {
  const names = accessibleNames(module.accessibles.keys());
  const lines: string[] = [];
  for (const [name, accessible] of module.accessibles) {
    lines.push(...docComment(accessibleDoc(module, accessible), "  "));
    const key = memberKey(names.get(name)?.member ?? name);
    lines.push(`  declare readonly ${key}: ${memberType(accessible, mainUnit(module))};`);
  }
  lines.push(...propertyMembers(moduleProperties(module), names));
  return { heritage: `${baseNameOf(module)}${typeArguments(module)}`, body: lines.map((line) => `${line}\n`).join("") };
}

/** The members for the properties of a module or node, one line each. They avoid the names in `others`. */
export function propertyMembers(properties: ReadonlyMap<string, unknown>, others: MemberNames): string[] {
  const names = propertyNames(properties.keys(), others);
  return Array.from(properties, ([name, value]) => {
    const key = memberKey(names.get(name)?.member ?? name);
    return `  declare readonly ${key}: SignalR<${propertyType(name, value)}>; // property`;
  });
}

function typeArguments(module: ModuleDescription): string {
  const kind = kindOf(module);
  const roles = [...(module.acquisition_channels?.keys() ?? [])];
  if (kind === "AcquisitionController" && roles.length > 0) return `<${unionOf(roles)}>`;
  const types = mainValuesOf(kind).map((name) => {
    const accessible = module.accessibles.get(name);
    return accessible?.kind === "parameter" ? typeOf(accessible.datainfo) : "unknown";
  });
  // The second type argument defaults to the first.
  const distinct = types.filter((type, n) => n === 0 || type !== types[0]);
  return distinct.length === 0 ? "" : `<${distinct.join(", ")}>`;
}

/** The names of the types that members have. */
export type MemberTypeName = "Command" | "Command0" | "SignalR" | "SignalRW";

/** The type of the member that an accessible becomes. */
export function memberTypeName(accessible: Accessible): MemberTypeName {
  if (accessible.kind === "parameter") return isSettable(accessible) ? "SignalRW" : "SignalR";
  return accessible.argument ? "Command" : "Command0";
}

function memberType(accessible: Accessible, main: string): string {
  const name = memberTypeName(accessible);
  const type = (info: Datainfo) => documentedType(info, main);
  if (accessible.kind === "parameter") return `${name}<${type(accessible.datainfo)}>`;
  const { argument, result } = accessible;
  const types = [...(argument ? [type(argument)] : []), ...(result ? [type(result)] : [])];
  return types.length === 0 ? name : `${name}<${types.join(", ")}>`;
}

/** The description, followed by units and limits, recording format and the name on the wire. */
function accessibleDoc(module: ModuleDescription, accessible: Accessible): string {
  const main = mainUnit(module);
  const facts =
    accessible.kind === "parameter"
      ? [unitAndLimits(accessible.datainfo, main), signalFormat(module, accessible), accessible.name]
      : [...quantities(accessible, main), accessible.name];
  return `${accessible.description.trimEnd()} (${facts.filter((fact) => fact !== "").join("; ")})`;
}

/** The unit of `value`, which replaces "$" in the units of a module. */
function mainUnit(module: ModuleDescription): string {
  const value = module.accessibles.get("value");
  return value?.kind === "parameter" ? datainfoUnit(value.datainfo) : "";
}
