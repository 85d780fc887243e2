/**
 * Converts values of pvAccess to texts and back, where the user asks for `{ text: true }` or for a long
 * string.
 */

import { exactNumber } from "../../exactNumber";
import { textOf, untilZero } from "../epicsText";
import type { PvStructure } from "../pva/pvData";
import { BOOLEAN, type NumberCode, SCALARS, type ScalarCode, STRING } from "../pva/pvScalar";
import { checkArray, checkText, conversionRefusal, expectType, type PvFacts } from "./conversionRules";
import { stateNames } from "./enumConversion";
import type { EpicsDatatype } from "./epicsDatatype";
import { ntControl } from "./ntFacts";
import { checkedNumber } from "./ntNumbers";
import { factsOf, type NtConversion } from "./ntRules";

/** The largest precision that JavaScript accepts, while that of a PV may be any number. */
const MOST_DIGITS = 100;
/** The types of arrays that may hold the bytes of a string: byte and ubyte. */
const BYTES: ReadonlySet<number> = new Set([32, 36]);

/** Whether an array may be read and set as one string. */
export const isLongString = (code: ScalarCode): boolean => BYTES.has(code);

/** The labels of an enum as plain texts. */
export function enumText(name: string, datatype: EpicsDatatype | null): NtConversion {
  expectType(datatype, [String], { name }, "a text: use String");
  return {
    fields: null,
    dataKey: () => ({ dtype: "string", dtype_numpy: "|S40", shape: [] }),
    decode: ({ value, ...rest }) => {
      const index = Number((value as PvStructure).index);
      return ntControl({ ...rest, value }).choices?.[index] ?? `${index}`;
    },
    encode: (value, structure) => {
      const facts = factsOf(name, structure);
      const labels = facts.control.choices ?? [];
      const index = [labels, stateNames(labels)].map((names) => names.indexOf(value as string)).find((i) => i >= 0);
      if (index !== undefined) return new Map([["value.index", index]]);
      throw conversionRefusal(value, facts, `use ${labels.map((label) => JSON.stringify(label)).join(", ")}`);
    },
  };
}

/**
 * The texts of numbers, booleans and strings, alone or in an array. With Channel Access the server converts
 * them; with pvAccess the client has to.
 */
export function scalarText(
  name: string,
  code: ScalarCode,
  isArray: boolean,
  datatype: EpicsDatatype | null,
): NtConversion {
  expectType(datatype, isArray ? [Array] : [String], { name }, isArray ? "texts: use Array" : "a text: use String");
  return {
    fields: null,
    dataKey: () => ({ dtype: isArray ? "array" : "string", dtype_numpy: "|S40", shape: isArray ? [null] : [] }),
    decode: (structure) => {
      const { precision } = ntControl(structure);
      const { value } = structure;
      const text = (each: unknown) =>
        typeof each === "number" && precision && !Number.isInteger(each)
          ? each.toFixed(Math.min(Math.max(precision, 0), MOST_DIGITS))
          : String(each);
      return isArray ? Array.from(value as ArrayLike<unknown>, text) : text(value);
    },
    encode: (value, structure) => {
      const facts = factsOf(name, structure);
      const one = (text: unknown) => valueOfText(text, code, facts);
      return new Map([["value", isArray ? Array.from(checkArray(value, facts), one) : one(value)]]);
    },
  };
}

/** The value of a type for its text. @throws EpicsError if the text does not stand for a value. */
function valueOfText(value: unknown, code: ScalarCode, facts: PvFacts): unknown {
  const text = checkText(value, Number.POSITIVE_INFINITY, facts);
  if (code === STRING) return text;
  if (code !== BOOLEAN) return numberOfText(text, code, facts);
  if (text === "true" || text === "false") return text === "true";
  throw conversionRefusal(text, facts, 'use "true" or "false"');
}

function numberOfText(text: string, code: NumberCode, facts: PvFacts): number | bigint {
  const { range } = SCALARS[code];
  const isWhole = /^\s*[+-]?\d+\s*$/.test(text);
  const isNumber =
    text.trim() !== "" && (Number.isFinite(Number(text)) || /^\s*(nan|[+-]?inf(inity)?)\s*$/i.test(text));
  if (!isNumber || (range && !isWhole))
    throw conversionRefusal(text, facts, `use the text of a ${range ? "whole " : ""}number`);
  if (range) {
    return checkedNumber(exactNumber(BigInt(text.trim().replace(/^\+/, ""))), SCALARS[code], facts);
  }
  return Number(text.replace(/inf(inity)?/i, "Infinity").replace(/nan/i, "NaN"));
}

/** A string in an array of bytes, which ends with a zero byte. */
export function longString(name: string, code: ScalarCode): NtConversion {
  return {
    fields: null,
    dataKey: () => ({ dtype: "string", dtype_numpy: "|S40", shape: [] }),
    decode: ({ value }) => {
      const { buffer, byteOffset, byteLength } = value as Uint8Array;
      return textOf(untilZero(Buffer.from(buffer, byteOffset, byteLength)));
    },
    encode: (value, structure) => {
      const text = checkText(value, Number.POSITIVE_INFINITY, factsOf(name, structure));
      const bytes = Buffer.from(`${text}\0`, "utf8");
      return new Map([["value", code === 32 ? new Int8Array(bytes) : new Uint8Array(bytes)]]);
    },
  };
}
