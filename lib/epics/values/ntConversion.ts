/** Converts the structures of pvAccess to the values of signals and back, by their types. */

import { asksForLongString } from "../epicsText";
import type { PvValue } from "../pva/pvaGet";
import type { PvStructure } from "../pva/pvData";
import type { PvField, StructureField } from "../pva/pvField";
import { BOOLEAN, STRING } from "../pva/pvScalar";
import { conversionRefusal, expectType } from "./conversionRules";
import { enumConversion } from "./enumConversion";
import type { EpicsDatatype } from "./epicsDatatype";
import { ntControl } from "./ntFacts";
import { imageConversion } from "./ntImage";
import { ntArray, ntNumber } from "./ntNumbers";
import { factsOf, type NtConversion } from "./ntRules";
import { structureConversion, tableConversion } from "./ntStructure";
import { enumText, isLongString, longString, scalarText } from "./ntText";
import type { PvUse } from "./pvUse";

/** The types with a value alone. In others, such as NTNameValue, more fields belong to the value. */
const PLAIN = /^epics:nt\/(NTScalar|NTScalarArray|NTEnum):/;

/**
 * Makes the conversion for a type.
 *
 * @throws EpicsError if the PV holds something else than the user asked for; the message names the datatype
 * to use.
 */
export function ntConversion(name: string, type: StructureField, structure: PvStructure, use: PvUse): NtConversion {
  const value = type.fields.get("value");
  const { datatype } = use;
  if (type.id.startsWith("epics:nt/NTNDArray:")) return imageConversion(datatype, name, type);
  if (type.id.startsWith("epics:nt/NTTable:") && value?.kind === "structure")
    return tableConversion(datatype, name, value);
  if (value && isEnum(value)) return use.asText ? enumText(name, datatype) : ntEnum(name, structure, datatype);
  const isComposed = datatype === null && !use.asText && type.id.startsWith("epics:nt/") && !PLAIN.test(type.id);
  if (datatype === Object || isComposed || (value?.kind !== "scalar" && value?.kind !== "array"))
    return structureConversion(datatype, name, type);
  const isArray = value.kind === "array";
  const wantsText = datatype === String || (datatype === null && asksForLongString(name));
  if (isArray && isLongString(value.code) && (use.asText ? datatype !== Array : wantsText))
    return longString(name, value.code);
  if (use.asText) return scalarText(name, value.code, isArray, datatype);
  if (isArray) return ntArray(datatype, name, value.code);
  if (value.code === BOOLEAN) return booleanConversion(datatype, name);
  return value.code === STRING ? stringConversion(datatype, name) : ntNumber(datatype, name, value.code);
}

/**
 * A text for the kind of a value, which changes if the PV gets another type. Numbers of all sizes are of one
 * kind, and enums with other choices are of another kind.
 */
export function ntKind({ type, value: structure }: PvValue): string {
  const value = type.fields.get("value");
  if (value && isEnum(value)) return JSON.stringify(ntControl(structure).choices);
  const isNumber = value?.kind === "scalar" && value.code !== STRING && value.code !== BOOLEAN;
  const code = value?.kind === "scalar" || value?.kind === "array" ? value.code : "";
  return `${type.id} ${value?.kind ?? ""} ${isNumber ? "number" : code}`;
}

const isEnum = (field: PvField): boolean =>
  field.kind === "structure" && field.fields.has("index") && field.fields.has("choices");

function ntEnum(name: string, first: PvStructure, datatype: EpicsDatatype | null): NtConversion {
  let choices: unknown;
  const convert = (structure: PvStructure) => enumConversion(datatype, { ...factsOf(name, structure), count: 1 });
  let known = convert(first);
  /** The conversion for the choices in a structure; they can be renamed at any time. */
  const current = (structure: PvStructure) => {
    const now = (structure.value as PvStructure | undefined)?.choices;
    if (now !== choices) {
      known = convert(structure);
      choices = now;
    }
    return known;
  };
  return {
    fields: null,
    dataKey: (structure) => current(structure).dataKey,
    decode: (structure) => {
      const { index } = (structure.value ?? {}) as PvStructure;
      return current(structure).decode(Int32Array.of(Number(index ?? 0)));
    },
    encode: (value, structure) => new Map([["value.index", current(structure).encode(value)[0]]]),
  };
}

function booleanConversion(datatype: EpicsDatatype | null, name: string): NtConversion {
  expectType(datatype, [Boolean], { name }, "a boolean: use Boolean");
  return {
    fields: null,
    dataKey: () => ({ dtype: "boolean", dtype_numpy: "|b1", shape: [] }),
    decode: ({ value }) => value,
    encode: (value, structure) => {
      if (typeof value === "boolean") return new Map([["value", value]]);
      throw conversionRefusal(value, factsOf(name, structure), "use true or false");
    },
  };
}

function stringConversion(datatype: EpicsDatatype | null, name: string): NtConversion {
  expectType(datatype, [String], { name }, "a string: use String");
  return {
    fields: null,
    dataKey: () => ({ dtype: "string", dtype_numpy: "|S40", shape: [] }),
    decode: ({ value }) => value,
    encode: (value, structure) => {
      if (typeof value === "string") return new Map([["value", value]]);
      throw conversionRefusal(value, factsOf(name, structure), "use a string");
    },
  };
}
