/** Converts the states of an enum PV: to their labels, to numbers, or to booleans. */

import { SubsetEnum, SupersetEnum } from "../../core/signal/enumTypes";
import { FieldType } from "../ca/dbr";
import {
  checkArray,
  checkNumber,
  conversionRefusal,
  expectType,
  firstOf,
  type PvConversion,
  type PvFacts,
} from "./conversionRules";
import type { EpicsDatatype } from "./epicsDatatype";

/** The range of the numbers of states on the wire; a PV may hold one without a label. */
const STATES: readonly [number, number] = [0, 65_535];

/**
 * The names of the states. A label that is empty, or that several states have, cannot name its state; the
 * state's number replaces it, so that a name never stands for another state.
 */
export function stateNames(labels: readonly string[]): readonly string[] {
  const isClear = (label: string) => label !== "" && labels.indexOf(label) === labels.lastIndexOf(label);
  const names = labels.map((label, i) => (isClear(label) ? label : `${i}`));
  return new Set(names).size === names.length ? names : labels.map((_, i) => `${i}`);
}

/** Makes the conversion of an enum; see `pvConversion`. */
export function enumConversion(datatype: EpicsDatatype | null, pv: PvFacts): PvConversion {
  const labels = pv.control.choices ?? [];
  const choices = stateNames(labels);
  if (pv.count > 1) return listConversion(datatype, choices, pv);
  if (datatype === Number || (datatype === null && labels.length === 0)) return numberConversion(pv, labels.length);
  const listed = choices.map((choice) => JSON.stringify(choice)).join(", ");
  const allowed = choices.length === 2 ? [String, Boolean] : [String];
  if (!fits(datatype, labels) && !fits(datatype, choices))
    expectType(datatype, allowed, pv, `one of [${listed}]: use that list`);
  if (datatype === Boolean) {
    return {
      dataKey: { dtype: "boolean", dtype_numpy: "|b1", shape: [] },
      fieldType: FieldType.enum,
      decode: (data) => firstOf(data, pv) !== 0,
      encode: (value) => {
        if (typeof value === "boolean") return [value ? 1 : 0];
        throw conversionRefusal(value, pv, "use true or false");
      },
    };
  }
  return {
    dataKey: { dtype: "string", dtype_numpy: "|S40", shape: [], choices },
    fieldType: FieldType.enum,
    decode: (data) => nameOf(firstOf(data, pv), choices),
    encode: (value) => [indexOf(value, choices, pv)],
  };
}

function numberConversion(pv: PvFacts, labels: number): PvConversion {
  const range: readonly [number, number] = labels > 0 ? [0, labels - 1] : STATES;
  return {
    dataKey: { dtype: "integer", dtype_numpy: "<u2", shape: [] },
    fieldType: FieldType.enum,
    decode: (data) => firstOf(data, pv),
    encode: (value) => [checkNumber(value, range, pv)],
  };
}

/** An array of states: their names, or their numbers if they have no labels, as in a waveform of enums. */
function listConversion(datatype: EpicsDatatype | null, choices: readonly string[], pv: PvFacts): PvConversion {
  const named = choices.length > 0;
  const holds = named ? "a list of choices: use Array" : "an array of enums: use Uint16Array";
  expectType(datatype, named ? [Array, Uint16Array] : [Uint16Array], pv, holds);
  if (!named || datatype === Uint16Array) {
    return {
      dataKey: { dtype: "array", dtype_numpy: "<u2", shape: [null] },
      fieldType: FieldType.enum,
      decode: (data) => data,
      encode: (value) => Array.from(checkArray(value, pv), (element) => checkNumber(element, STATES, pv)),
    };
  }
  return {
    dataKey: { dtype: "array", dtype_numpy: "|S40", shape: [null], choices },
    fieldType: FieldType.enum,
    decode: (data) => Array.from(data as ArrayLike<number>, (index) => nameOf(index, choices)),
    encode: (value) => Array.from(checkArray(value, pv), (element) => indexOf(element, choices, pv)),
  };
}

const nameOf = (index: number | string, choices: readonly string[]): string => choices[Number(index)] ?? `${index}`;

/** The number of a state that was given by its name, or by its number, as code without types may do. */
function indexOf(value: unknown, choices: readonly string[], pv: PvFacts): number {
  const index = typeof value === "number" ? value : choices.indexOf(value as string);
  if (Number.isInteger(index) && index >= 0 && index < choices.length) return index;
  throw conversionRefusal(value, pv, `use ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
}

/** Whether an enum with these choices fits the user's datatype. */
function fits(datatype: EpicsDatatype | null, choices: readonly string[]): boolean {
  if (datatype instanceof SubsetEnum || datatype instanceof SupersetEnum) return datatype.fits(choices);
  const wanted = Array.isArray(datatype) ? (datatype as readonly string[]) : undefined;
  return wanted?.length === choices.length && wanted.every((choice, i) => choice === choices[i]);
}
