/** Checks the members of structures and tables that are set. */

import { fieldOfUnion, type PvStructure } from "../pva/pvData";
import type { PvField, StructureField } from "../pva/pvField";
import { BOOLEAN, SCALARS, type ScalarCode, STRING } from "../pva/pvScalar";
import { checkArray, conversionRefusal, type PvFacts } from "./conversionRules";
import { checkedNumber } from "./ntNumbers";

/**
 * The value as it is written into a field. @throws EpicsError if the field cannot hold it; the message takes
 * the name of the member from `facts`.
 */
export function checkedMember(field: PvField, value: unknown, facts: PvFacts): unknown {
  switch (field.kind) {
    case "scalar":
      return checkedScalar(field.code, value, facts);
    case "array":
      return checkedArray(field.code, field.fixed, value, facts);
    case "union":
      if (value === undefined || fieldOfUnion(field, value) >= 0) return value;
      throw conversionRefusal(value, facts, `use a value for one of ${[...field.fields.keys()].join(", ")}`);
    case "structure":
      return checkedStructure(field, value, facts);
    case "list":
      return Array.from(checkArray(value, facts), (element) =>
        element === undefined ? undefined : checkedMember(field.of, element, facts),
      );
    case "any":
      return value;
  }
}

function checkedStructure({ fields }: StructureField, value: unknown, facts: PvFacts): PvStructure {
  const words = `use an object with ${[...fields.keys()].join(", ")}`;
  if (typeof value !== "object" || value === null) throw conversionRefusal(value, facts, words);
  const members = Object.entries(value).map(([key, member]) => {
    const field = fields.get(key);
    if (!field) throw conversionRefusal(`{ ${key} }`, facts, words);
    return [key, checkedMember(field, member, { ...facts, name: `${facts.name}.${key}` })];
  });
  return Object.fromEntries(members) as PvStructure;
}

function checkedScalar(code: ScalarCode, value: unknown, facts: PvFacts): unknown {
  if (code !== BOOLEAN && code !== STRING) return checkedNumber(value, SCALARS[code], facts);
  const wanted = code === STRING ? "string" : "boolean";
  if (typeof value === wanted) return value;
  throw conversionRefusal(value, facts, code === STRING ? "use a string" : "use true or false");
}

function checkedArray(code: ScalarCode, fixed: number | undefined, value: unknown, facts: PvFacts): unknown {
  const list = checkArray(value, facts);
  if (fixed !== undefined && list.length !== fixed)
    throw conversionRefusal(`${list.length} elements`, facts, `use ${fixed} of them`);
  const isTyped = code !== BOOLEAN && code !== STRING && value instanceof SCALARS[code].array;
  return isTyped ? value : Array.from(list, (element) => checkedScalar(code, element, facts));
}
