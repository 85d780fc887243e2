/** Converts tables ("NTTable") and structures of any other type. */

import type { DataKeyBody, Field } from "../../core/signal/signalBackend";
import type { PvStructure } from "../pva/pvData";
import type { PvField, StructureField } from "../pva/pvField";
import { BOOLEAN, SCALARS, type ScalarCode, STRING } from "../pva/pvScalar";
import { checkArray, conversionRefusal, expectType } from "./conversionRules";
import type { EpicsDatatype } from "./epicsDatatype";
import { checkedMember } from "./ntMember";
import { factsOf, type NtConversion } from "./ntRules";

/** The fields that describe a value, and are not part of it. */
const ABOUT_THE_VALUE: ReadonlySet<string> = new Set(["alarm", "timeStamp", "display", "control", "valueAlarm"]);

/** A table: an object of columns, which are recorded under keys of their own. */
export function tableConversion(datatype: EpicsDatatype | null, name: string, value: StructureField): NtConversion {
  expectType(datatype, [Object], { name }, "a table: use Object");
  const columns = [...value.fields].flatMap(([column, field]): [string, string][] =>
    field.kind === "array" ? [[column, numpyOf(field.code)]] : [],
  );
  return {
    fields: fieldsOf(value),
    dataKey: () => ({ dtype: "array", shape: [null], dtype_numpy: columns }),
    decode: (structure) => structure.value,
    encode: (table) => {
      const facts = factsOf(name, {});
      const wanted = [...value.fields.keys()];
      const given = (table ?? {}) as PvStructure;
      if (typeof table !== "object" || wanted.some((column) => given[column] === undefined))
        throw conversionRefusal("this value", facts, `use an object with the columns ${wanted.join(", ")}`);
      const lengths = new Set(wanted.map((column) => checkArray(given[column], facts).length));
      if (lengths.size > 1) throw conversionRefusal("this table", facts, "use columns of the same length");
      return new Map(
        [...value.fields].map(([column, field]) => [
          `value.${column}`,
          checkedMember(field, given[column], factsOf(`${name}: ${column}`, {})),
        ]),
      );
    },
  };
}

/** Any structure, as an object. Its fields are recorded under keys of their own, inner ones with a dot. */
export function structureConversion(datatype: EpicsDatatype | null, name: string, type: StructureField): NtConversion {
  expectType(datatype, [Object], { name }, "a structure: use Object");
  return {
    fields: fieldsOf(type),
    dataKey: () => ({ dtype: "array", shape: [] }),
    decode: (structure) =>
      Object.fromEntries(Object.entries(structure).filter(([field]) => !ABOUT_THE_VALUE.has(field))),
    encode: (value) => {
      if (typeof value === "object" && value !== null) return new Map(leavesOf(type, value as PvStructure, "", name));
      throw conversionRefusal(value, factsOf(name, {}), "use an object with the fields to change");
    },
  };
}

/** The fields of a value to set, by their paths. An unknown field is refused when it is written. */
function leavesOf(type: StructureField, value: PvStructure, prefix: string, name: string): [string, unknown][] {
  return Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const field = type.fields.get(key);
    const path = `${prefix}${key}`;
    if (!field) return [[path, member]];
    if (field.kind === "structure" && typeof member === "object" && member !== null)
      return leavesOf(field, member as PvStructure, `${path}.`, name);
    return [[path, checkedMember(field, member, factsOf(`${name}: ${path}`, {}))]];
  });
}

function fieldsOf(type: StructureField): ReadonlyMap<string, Field<unknown>> {
  const found = new Map<string, Field<unknown>>();
  const collect = ({ fields }: StructureField, prefix: string, pick: (value: unknown) => unknown) => {
    for (const [name, field] of fields) {
      if (prefix === "" && ABOUT_THE_VALUE.has(name)) continue;
      const own = (value: unknown) => (pick(value) as PvStructure | undefined)?.[name];
      if (field.kind === "structure") collect(field, `${prefix}${name}.`, own);
      else found.set(`${prefix}${name}`, { dataKey: leafKey(field), pick: own });
    }
  };
  collect(type, "", (value) => value);
  return found;
}

function leafKey(field: PvField): DataKeyBody {
  if (field.kind !== "scalar" && field.kind !== "array") return { dtype: "array", shape: [null] };
  const dtype_numpy = numpyOf(field.code);
  if (field.kind === "array") return { dtype: "array", dtype_numpy, shape: [field.fixed ?? null] };
  if (field.code === STRING) return { dtype: "string", dtype_numpy, shape: [] };
  if (field.code === BOOLEAN) return { dtype: "boolean", dtype_numpy, shape: [] };
  return { dtype: SCALARS[field.code].range ? "integer" : "number", dtype_numpy, shape: [] };
}

function numpyOf(code: ScalarCode): string {
  if (code === STRING) return "|S40";
  return code === BOOLEAN ? "|b1" : SCALARS[code].numpy;
}
