// What a module is: the interface class by which it is used.

import type { ModuleDescription } from "./description";

/** Interface classes of SECoP 1.0 to 2.0; "Module" is none of them. */
export type InterfaceClass =
  | "Communicator"
  | "Readable"
  | "Writable"
  | "Drivable"
  | "AcquisitionController"
  | "AcquisitionChannel"
  | "Acquisition"
  | "Module";

/** Parameters without which a module cannot be used as what it claims to be; `true`: must be settable. */
const NEEDS: ReadonlyMap<string, Readonly<Record<string, boolean>>> = new Map([
  ["Communicator", {}],
  ["Readable", { value: false }],
  ["Writable", { value: false, target: true }],
  ["Drivable", { value: false, status: false, target: true }],
  ["AcquisitionController", { status: false }],
  ["AcquisitionChannel", { value: false }],
  ["Acquisition", { value: false, status: false }],
]);

/** The first known class of the module's list whose mandatory parameters are there; "Module" if there is none. */
export function interfaceClassOf(module: Pick<ModuleDescription, "interface_classes" | "accessibles">): InterfaceClass {
  for (const name of module.interface_classes) {
    const needs = NEEDS.get(name);
    if (needs && Object.entries(needs).every(([parameter, settable]) => has(module, parameter, settable))) {
      return name as InterfaceClass;
    }
  }
  return "Module";
}

function has(module: Pick<ModuleDescription, "accessibles">, parameter: string, settable: boolean): boolean {
  const accessible = module.accessibles.get(parameter);
  return accessible?.kind === "parameter" && !(settable && accessible.readonly);
}
