/**
 * Reads the structure report of a node leniently: every violation of the spec becomes a problem, not an
 * exception.
 */

import { UsageError } from "../../errors";
import { withoutByteOrderMark } from "../../json";
import { asObject, type Json, JsonFields, type ReportProblem } from "../values/jsonFields";
import { type Accessible, describeAccessible } from "./accessible";
import type { ModuleDescription, NodeDescription, SystemDescription, UncheckedDescription } from "./description";
import { parseMeaning, parseVisibility } from "./presentation";
import { checkDescription } from "./rules/index";

/** The JSON of a description; a parsed one keeps it in `raw`, even if it was itself written as JSON. */
export function describedJson(description: unknown): Json | undefined {
  const json = asObject(description);
  const isParsed = json !== undefined && Object.hasOwn(json, "raw") && Object.hasOwn(json, "problems");
  return isParsed ? asObject(json.raw) : json;
}

/**
 * Reads the structure report of a node. Missing or wrong parts become problems, never exceptions. A parsed
 * description is read again from its JSON.
 */
export function parseDescription(json: unknown): NodeDescription {
  const problems: string[] = [];
  const report = (problem: string) => problems.push(problem);
  const node = describedJson(json);
  if (!node) report("the description is not an object");
  const fields = new JsonFields(node ?? {}, "", report);
  const old = oldForm(node);
  if (old !== undefined) report(`this is a description from before SECoP 1.0: ${old}`);
  const modules = new Map<string, ModuleDescription>();
  for (const [name, module] of inOrder(fields, "modules")) {
    const moduleJson = asObject(module);
    if (moduleJson) modules.set(name, parseModule(name, moduleJson, report));
    else report(`${name}: the module is not an object`);
  }
  const { timeout } = fields.numbers("timeout");
  if (timeout !== undefined && !(timeout > 0)) report("timeout is not positive");
  const unchecked: UncheckedDescription = {
    equipment_id: fields.text("equipment_id"),
    description: fields.text("description"),
    ...fields.texts("firmware", "implementor"),
    ...(timeout !== undefined && timeout > 0 && { timeout }),
    modules,
    systems: parseSystems(fields, report),
    schemata: fields.textList("schemata"),
    properties: fields.others(NODE_PROPERTIES),
    raw: node ?? json,
  };
  let found: readonly string[] | undefined;
  return {
    ...unchecked,
    // The rules are checked at first use, since checking all takes as long as reading the description.
    get problems() {
      found ??= [...problems, ...checkDescription(unchecked)];
      return found;
    },
  };
}

/** The sign that a description has the form of the drafts before SECoP 1.0; undefined if there is none. */
function oldForm(node: Json | undefined): string | undefined {
  if (Array.isArray(node?.modules)) return "its modules are a list, not an object";
  for (const [name, json] of Object.entries(asObject(node?.modules) ?? {})) {
    const module = asObject(json);
    if (Array.isArray(module?.accessibles)) return `the accessibles of ${name} are a list, not an object`;
    if (module && !module.accessibles && (module.parameters || module.commands)) {
      return `${name} has parameters and commands instead of accessibles`;
    }
    if (module && Object.hasOwn(module, "interface_class")) return `${name} has interface_class, not interface_classes`;
  }
  return undefined;
}

/** The entries of an object, first those in the property `order`, which early drafts had. */
function inOrder(fields: JsonFields, key: string): [string, unknown][] {
  const entries = new Map(Object.entries(fields.object(key) ?? {}));
  if (fields.raw("order") === undefined) return [...entries];
  const first = fields.textList("order").flatMap((name): [string, unknown][] => {
    return entries.has(name) ? [[name, entries.get(name)]] : [];
  });
  return [...new Map([...first, ...entries])];
}

const NODE_PROPERTIES = new Set([
  "order",
  "modules",
  "equipment_id",
  "description",
  "firmware",
  "implementor",
  "timeout",
  "systems",
  "schemata",
]);

const MODULE_PROPERTIES = new Set([
  "order",
  "accessibles",
  "description",
  "interface_classes",
  "features",
  "implementation",
  "implementor",
  "group",
  "visibility",
  "meaning",
  "acquisition_channels",
]);

function parseModule(name: string, json: Json, report: ReportProblem): ModuleDescription {
  const fields = new JsonFields(json, name, report);
  const accessibles = new Map<string, Accessible>();
  for (const [key, accessible] of inOrder(fields, "accessibles")) {
    const accessibleJson = asObject(accessible);
    if (accessibleJson) accessibles.set(key, describeAccessible(key, accessibleJson, `${name}:${key}`, report));
    else report(`${name}:${key}: the accessible is not an object`);
  }
  const meaning = parseMeaning(fields);
  const visibility = parseVisibility(fields, false);
  const channels =
    fields.raw("acquisition_channels") === undefined ? undefined : fields.textMap("acquisition_channels");
  if (fields.raw("interface_classes") === undefined) fields.problem("interface_classes is missing");
  return {
    name,
    description: fields.text("description"),
    interface_classes: fields.textList("interface_classes"),
    features: fields.textList("features"),
    ...fields.texts("implementation", "implementor", "group"),
    ...(visibility !== undefined && { visibility }),
    ...(meaning && { meaning }),
    ...(channels && { acquisition_channels: channels }),
    accessibles,
    properties: fields.others(MODULE_PROPERTIES),
  };
}

function parseSystems(fields: JsonFields, report: ReportProblem): Map<string, SystemDescription> {
  const systems = new Map<string, SystemDescription>();
  if (fields.raw("systems") === undefined) return systems;
  for (const [name, json] of Object.entries(fields.object("systems") ?? {})) {
    const system = new JsonFields(asObject(json) ?? {}, `system ${name}`, report);
    systems.set(name, {
      name,
      description: system.text("description"),
      system: system.text("system"),
      modules: system.textMap("modules"),
    });
  }
  return systems;
}

/**
 * The JSON value of a description that is given as text, maybe that of a file with a byte order mark.
 *
 * @throws UsageError if it is not valid JSON
 */
export function parseDescriptionText(text: string): unknown {
  try {
    return JSON.parse(withoutByteOrderMark(text));
  } catch (cause) {
    throw new UsageError("the description is not valid JSON", { cause });
  }
}
