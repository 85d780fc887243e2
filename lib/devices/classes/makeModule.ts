/** Makes the device of a module: of its generated class, or of its interface class. */

import type { ModuleDescription, NodeDescription } from "../../secop/description/description";
import { type InterfaceClass, interfaceClassOf } from "../../secop/description/interfaceClass";
import { parseDescription } from "../../secop/description/parseDescription";
import { ModuleDevice } from "../module/moduleDevice";
import type { NodeLink } from "../module/nodeLink";
import { AcquisitionChannelDevice, AcquisitionControllerDevice, AcquisitionDevice } from "./acquisition";
import { CommunicatorDevice } from "./communicatorDevice";
import { DrivableDevice } from "./drivableDevice";
import { ReadableDevice } from "./readableDevice";
import { WritableDevice } from "./writableDevice";

/** A class whose instances are the devices of modules. */
export type ModuleClass = new (link: NodeLink, description: ModuleDescription) => ModuleDevice;

/**
 * The modules of a class file, one row each: the name on the wire, the class, the JSON as in a describe
 * message, and JSON of properties that are added to it, since modules of one shape share theirs.
 */
export type ModuleTable = readonly (readonly [
  name: string,
  moduleClass: ModuleClass,
  json: string,
  properties?: string,
])[];

const CLASSES: Readonly<Record<InterfaceClass, ModuleClass>> = {
  Communicator: CommunicatorDevice,
  Readable: ReadableDevice,
  Writable: WritableDevice,
  Drivable: DrivableDevice,
  AcquisitionController: AcquisitionControllerDevice,
  AcquisitionChannel: AcquisitionChannelDevice,
  Acquisition: AcquisitionDevice,
  Module: ModuleDevice,
};

/** The device of a module: of the class in the table, else of the class for its interface class. */
export function makeModule(link: NodeLink, description: ModuleDescription, table: ModuleTable): ModuleDevice {
  const row = table.find(([name]) => name === description.name);
  const moduleClass = row?.[1] ?? CLASSES[interfaceClassOf(description)];
  return new moduleClass(link, description);
}

/** Parsed once for all devices of a class, since the table of a big node takes a while. */
const parsed = new WeakMap<ModuleTable, NodeDescription["modules"]>();

/** The descriptions of the modules in a table. */
export function modulesOf(table: ModuleTable): NodeDescription["modules"] {
  const modules = parsed.get(table) ?? parseTable(table);
  parsed.set(table, modules);
  return modules;
}

function parseTable(table: ModuleTable): NodeDescription["modules"] {
  const entries = table.map(([name, , json, properties]): [string, unknown] => {
    const module = JSON.parse(json) as object;
    return [name, properties === undefined ? module : { ...module, ...(JSON.parse(properties) as object) }];
  });
  // fromEntries defines own properties, so that a module may even be called `__proto__`.
  return parseDescription({ modules: Object.fromEntries(entries) }).modules;
}
