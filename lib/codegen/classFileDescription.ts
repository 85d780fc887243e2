/** Reads the description of a node back from its class or its class file, without executing the file. */

import { UsageError } from "../errors";
import { findRegion } from "../generatedRegion";
import { asObject } from "../secop/values/jsonFields";
import { quotedText } from "./sourceText";

/** The static members of a generated class that describe its node. */
export interface NodeClassFacts {
  readonly equipmentId: string;
  readonly propertiesJson: string;
  /** Name, class, shape and own properties of each module. */
  readonly table: readonly (readonly [name: string, type: unknown, shape: string, properties?: string])[];
}

/** Whether a value is a class that was generated for a node. */
export function isNodeClass(value: unknown): value is NodeClassFacts {
  if (typeof value !== "function") return false;
  const { equipmentId, propertiesJson, table } = value as Partial<NodeClassFacts>;
  return typeof equipmentId === "string" && typeof propertiesJson === "string" && Array.isArray(table);
}

/**
 * The description that a class was generated from, as JSON; texts of parameters are not part of a class.
 *
 * @throws UsageError if the class has no modules
 */
export function classDescription({ equipmentId, propertiesJson, table }: NodeClassFacts): object {
  if (table.length === 0) throw new UsageError("this class was not generated for a node: it has no modules");
  const properties = propertiesJson === "" ? {} : (JSON.parse(propertiesJson) as object);
  const modules = table.map(([name, , shape, own = "{}"]): [string, object] => [
    name,
    { ...onWire(JSON.parse(own)), ...(JSON.parse(shape) as object) },
  ]);
  return { equipment_id: equipmentId, ...properties, modules: Object.fromEntries(modules) };
}

/**
 * A class file keeps the meaning of a module as an object (SECoP 2.0); older clients expect a pair.
 */
function onWire(own: unknown): object {
  const { meaning, ...others } = asObject(own) ?? {};
  if (meaning === undefined) return others;
  const { function: name, importance, ...rest } = asObject(meaning) ?? {};
  const isPair = name !== undefined && importance !== undefined && Object.keys(rest).length === 0;
  return { ...others, meaning: isPair ? [name, importance] : meaning };
}

const JSON_TEXT = String.raw`'(?:[^'\\]|\\[\s\S])*'`;
const MEMBER = (name: string, value: string) =>
  new RegExp(`^  static override readonly ${name}: string = (${value});`, "m");
const EQUIPMENT_ID = MEMBER("equipmentId", String.raw`"(?:[^"\\]|\\.)*"`);
const PROPERTIES = MEMBER("propertiesJson", JSON_TEXT);
const SHAPE = new RegExp(`^const (\\S+) = (${JSON_TEXT});`, "gm");
const ROW = new RegExp(String.raw`^    \[("(?:[^"\\]|\\.)*"), \S+, (\S+), (${JSON_TEXT})\],`, "gm");

/**
 * The description in the text of a class file. `path` is for messages.
 *
 * @throws UsageError if it was not generated, or its generated part was edited
 */
export function classFileDescription(text: string, path: string): object {
  const region = findRegion(text);
  if (!region) throw new UsageError(`${path} is not a class file of a node: it has no generated part`);
  const source = text.slice(region.start, region.end).replace(/\r\n/g, "\n");
  try {
    const shapes = new Map([...source.matchAll(SHAPE)].map(([, name = "", json = ""]) => [name, quotedText(json)]));
    const table = [...source.matchAll(ROW)].map(
      ([, name = "", shape = "", own = ""]) =>
        [JSON.parse(name), null, shapes.get(shape) ?? "", quotedText(own)] as const,
    );
    return classDescription({
      equipmentId: JSON.parse(EQUIPMENT_ID.exec(source)?.[1] ?? '""'),
      propertiesJson: quotedText(PROPERTIES.exec(source)?.[1] ?? "''"),
      table,
    });
  } catch (error) {
    const why = region.intact ? "" : ": its generated part was edited";
    throw new UsageError(`no description can be read from the class file ${path}${why}. Generate it again`, {
      cause: error,
    });
  }
}
