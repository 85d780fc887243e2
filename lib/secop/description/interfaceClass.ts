/** The table of the interface classes of SECoP 1.0 to 2.0, and the choice of the one that fits a module. */

import { isSettable } from "./accessible";
import type { ModuleDescription } from "./description";

/** The properties of an interface class. */
interface InterfaceClassRow {
  /** Parameters without which a module cannot be used as this class; `true` if they must be settable. */
  readonly needs: Readonly<Record<string, boolean>>;
  /** Accessibles that the spec demands; a module that lacks some may still be usable. */
  readonly demands: readonly string[];
  /** The interface classes that it can replace: code written for those works with this class. */
  readonly replaces: readonly string[];
}

const INTERFACE_CLASSES = {
  Communicator: { needs: {}, demands: [], replaces: ["Module"] },
  Readable: { needs: { value: false }, demands: ["value", "status"], replaces: ["Module"] },
  Writable: {
    needs: { value: false, target: true },
    demands: ["value", "status", "target"],
    replaces: ["Module", "Readable"],
  },
  Drivable: {
    needs: { value: false, status: false, target: true },
    demands: ["value", "status", "target", "stop"],
    replaces: ["Module", "Readable", "Writable"],
  },
  AcquisitionController: { needs: { status: false }, demands: ["status", "go"], replaces: ["Module"] },
  AcquisitionChannel: { needs: { value: false }, demands: ["value", "status"], replaces: ["Module", "Readable"] },
  Acquisition: {
    needs: { value: false, status: false },
    demands: ["value", "status", "go"],
    replaces: ["Module", "Readable"],
  },
} as const satisfies Readonly<Record<string, InterfaceClassRow>>;

/** An interface class of the spec, or "Module" for a module that can be used as none of them. */
export type InterfaceClass = keyof typeof INTERFACE_CLASSES | "Module";

/** All interface classes, "Module" included. */
export const INTERFACE_CLASS_NAMES = ["Module", ...Object.keys(INTERFACE_CLASSES)] as readonly InterfaceClass[];

/** The row of an interface class; undefined for "Module" and for names that the spec does not know. */
function rowOf(name: string): InterfaceClassRow | undefined {
  return Object.hasOwn(INTERFACE_CLASSES, name) ? INTERFACE_CLASSES[name as keyof typeof INTERFACE_CLASSES] : undefined;
}

/** The interface class of the spec that a node means, in upper or lower case, and those that it replaces. */
function meantBy(name: string): readonly string[] {
  const meant = INTERFACE_CLASS_NAMES.find((known) => known.toLowerCase() === name.toLowerCase());
  return meant ? [meant, ...(rowOf(meant)?.replaces ?? [])] : [];
}

/** Whether the spec has an interface class of this name. */
export const isInterfaceClass = (name: string): boolean => rowOf(name) !== undefined;

/**
 * The most capable known class of the module's list for which the module has all parameters, whatever the
 * order of the list (some nodes send the most general class first). If it has them for none, a class that
 * one of these could replace: a Drivable without target is still a Readable. "Module" if there is none. If
 * neither of two classes can replace the other, the first one counts.
 */
export function interfaceClassOf(module: Pick<ModuleDescription, "interface_classes" | "accessibles">): InterfaceClass {
  const possible = module.interface_classes.flatMap(meantBy).filter((name) => canBe(module, name));
  return highestClass(possible) ?? "Module";
}

/** The first of the known classes that none of the others replaces; undefined if none is known. */
export function highestClass(names: readonly string[]): InterfaceClass | undefined {
  const known = names.filter(isInterfaceClass) as InterfaceClass[];
  return known.find((name) => !known.some((other) => canReplace(other, name)));
}

function canBe(module: Pick<ModuleDescription, "accessibles">, name: string): boolean {
  return Object.entries(rowOf(name)?.needs ?? {}).every(([parameter, settable]) => has(module, parameter, settable));
}

/** The names of the accessibles that the spec demands of an interface class; none for an unknown one. */
export const demandedBy = (name: string): readonly string[] => rowOf(name)?.demands ?? [];

/**
 * The main values of an interface class: "value", then "target". Their types are those of the whole module.
 */
export function mainValuesOf(name: InterfaceClass): readonly string[] {
  const needs = rowOf(name)?.needs ?? {};
  return ["value", "target"].filter((parameter) => Object.hasOwn(needs, parameter));
}

/** Whether code that was written for modules of the class `other` works with one of the class `name`. */
export const canReplace = (name: InterfaceClass, other: InterfaceClass): boolean =>
  rowOf(name)?.replaces.includes(other) ?? false;

function has(module: Pick<ModuleDescription, "accessibles">, parameter: string, settable: boolean): boolean {
  const accessible = module.accessibles.get(parameter);
  return accessible?.kind === "parameter" && !(settable && !isSettable(accessible));
}
