/**
 * The properties of nodes and modules as values: all of a description except its modules and accessibles.
 */

import type { ModuleDescription, NodeDescription } from "./description";
import type { Meaning } from "./presentation";

/**
 * The properties of a module by their names on the wire, without empty ones. Those that the spec defines have
 * the forms of SECoP 2.0, whichever version the node speaks.
 */
export function moduleProperties(module: ModuleDescription): ReadonlyMap<string, unknown> {
  const { acquisition_channels } = module;
  return present({
    description: module.description,
    implementation: module.implementation,
    implementor: module.implementor,
    interface_classes: module.interface_classes,
    features: module.features,
    group: module.group,
    visibility: module.visibility,
    meaning: module.meaning && meaningJson(module.meaning),
    acquisition_channels: acquisition_channels && Object.fromEntries(acquisition_channels),
    ...Object.fromEntries(module.properties),
  });
}

/** The properties of a node by their names on the wire, without empty ones. */
export function nodeProperties(node: NodeDescription): ReadonlyMap<string, unknown> {
  const systems = Array.from(node.systems.values(), ({ name, description, system, modules }) => [
    name,
    { description, system, modules: Object.fromEntries(modules) },
  ]);
  return present({
    equipment_id: node.equipment_id,
    description: node.description,
    firmware: node.firmware,
    implementor: node.implementor,
    timeout: node.timeout,
    systems: systems.length > 0 ? Object.fromEntries(systems) : undefined,
    schemata: node.schemata.length > 0 ? node.schemata : undefined,
    ...Object.fromEntries(node.properties),
  });
}

/** The meaning with the keys of the wire. */
export function meaningJson({ belongsTo, ...meaning }: Meaning): object {
  return { ...meaning, ...(belongsTo !== undefined && { belongs_to: belongsTo }) };
}

function present(properties: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(Object.entries(properties).filter(([, value]) => value !== undefined && value !== ""));
}

/** Properties that the spec defines as objects, with known members. */
const STRUCTURED: ReadonlySet<string> = new Set(["meaning", "acquisition_channels", "systems"]);

/** Whether the value of a property is an object that the spec defines. */
export const isStructuredProperty = (name: string): boolean => STRUCTURED.has(name);

/** The type of the elements of a list, if all are of one type; an empty list counts as one of strings. */
export function listKind(json: unknown): "string" | "number" | undefined {
  if (!Array.isArray(json)) return undefined;
  if (json.every((item) => typeof item === "string")) return "string";
  return json.every((item) => typeof item === "number") ? "number" : undefined;
}
