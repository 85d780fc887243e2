/** Converts numbers, and arrays of numbers, booleans and strings, of pvAccess. */

import type { DataKeyBody } from "../../core/signal/signalBackend";
import { EpicsError } from "../epicsError";
import type { PvStructure } from "../pva/pvData";
import { BOOLEAN, type NumberCode, SCALARS, type ScalarCode, type ScalarLayout, STRING } from "../pva/pvScalar";
import { checkArray, checkNumber, conversionRefusal, expectType, type PvFacts } from "./conversionRules";
import type { EpicsDatatype } from "./epicsDatatype";
import { ntControl } from "./ntFacts";
import { factsOf, type NtConversion } from "./ntRules";
import { numberFacts } from "./pvLimits";

/** The bytes of the widest integers that are exact as a `number`. */
const EXACT_SIZE = 4;

/** The conversion of a number. @throws EpicsError if the datatype is not one of its types. */
export function ntNumber(datatype: EpicsDatatype | null, name: string, code: NumberCode): NtConversion {
  const layout = SCALARS[code];
  const isLong = layout.range !== undefined && layout.size > EXACT_SIZE;
  const allowed = isLong ? [Number, BigInt] : [Number];
  expectType(datatype, allowed, { name }, `a number (${layout.words}): use ${isLong ? "Number or BigInt" : "Number"}`);
  return {
    fields: null,
    dataKey: (structure) => ({
      ...numberKey(layout, structure),
      dtype: layout.range ? "integer" : "number",
      shape: [],
    }),
    decode: ({ value }) => {
      if (datatype === BigInt) return BigInt(value as number | bigint);
      if (typeof value === "bigint" && datatype === Number)
        throw new EpicsError(`cannot read ${name}: ${value} has more digits than a number can hold: use BigInt`);
      return value;
    },
    encode: (value, structure) => new Map([["value", checkedNumber(value, layout, factsOf(name, structure))]]),
  };
}

/**
 * The number as it is written into a field of this layout.
 *
 * @throws EpicsError if the field cannot hold it.
 */
export function checkedNumber(value: unknown, layout: ScalarLayout, facts: PvFacts): number | bigint {
  const { range } = layout;
  if (!range || layout.size <= EXACT_SIZE)
    return checkNumber(value, range && [Number(range[0]), Number(range[1])], facts);
  const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
  const exact = isWhole ? BigInt(value) : range[1] + 1n;
  if (exact >= range[0] && exact <= range[1]) return exact;
  throw conversionRefusal(
    typeof value === "bigint" ? `${value}` : value,
    facts,
    `use a whole number from ${range[0]} to ${range[1]}, beyond 2^53 as a bigint`,
  );
}

/** Arrays: of numbers as typed arrays, of strings and booleans as lists. */
export function ntArray(datatype: EpicsDatatype | null, name: string, code: ScalarCode): NtConversion {
  if (code === STRING || code === BOOLEAN) return listConversion(datatype, name, code);
  const layout = SCALARS[code];
  const { array } = layout;
  // Every constructor has a name, although its type in the table of layouts does not say so.
  const arrayName = (array as unknown as { readonly name: string }).name;
  expectType(datatype, [array], { name }, `an array of numbers (${layout.words}): use ${arrayName}`);
  return {
    fields: null,
    dataKey: (structure) => ({ ...numberKey(layout, structure), dtype: "array", shape: [null] }),
    decode: ({ value }) => value,
    encode: (value, structure) => {
      if (value instanceof array) return new Map([["value", value]]);
      const facts = factsOf(name, structure);
      return new Map([
        ["value", Array.from(checkArray(value, facts), (element) => checkedNumber(element, layout, facts))],
      ]);
    },
  };
}

function listConversion(datatype: EpicsDatatype | null, name: string, code: ScalarCode): NtConversion {
  const isText = code === STRING;
  expectType(datatype, [Array], { name }, `a list of ${isText ? "strings" : "booleans"}: use Array`);
  return {
    fields: null,
    dataKey: () => ({ dtype: "array", dtype_numpy: isText ? "|S40" : "|b1", shape: [null] }),
    decode: ({ value }) => value,
    encode: (value, structure) => {
      const facts = factsOf(name, structure);
      const wanted = isText ? "string" : "boolean";
      for (const element of Array.from(checkArray(value, facts)))
        if (typeof element !== wanted) throw conversionRefusal(element, facts, `use a ${wanted} for each element`);
      return new Map([["value", value]]);
    },
  };
}

const numberKey = (layout: ScalarLayout, structure: PvStructure): Omit<DataKeyBody, "dtype" | "shape"> => ({
  dtype_numpy: layout.numpy,
  ...numberFacts(ntControl(structure)),
});
