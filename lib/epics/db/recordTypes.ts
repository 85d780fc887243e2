/** The members of a class for records, by their types and fields. */

import { stateNames } from "../values/enumConversion";
import type { DbRecord } from "./dbFile";

/** A member of a class of PVs. */
export interface PvMember {
  /** The part of the name of the PV after the prefix. */
  readonly suffix: string;
  /** Whether Channel Access gives its text only as an array, under the field `VAL$`. */
  readonly isLongText: boolean;
  readonly kind: "read" | "readWrite" | "trigger" | "motor";
  /** The source text of its datatype; `null` leaves it to the PV. */
  readonly datatype: string | readonly string[];
  /** For a comment: description, limits, unit. */
  readonly doc: string;
  /** Whether there is a record with the suffix `_RBV` for its readback. */
  readonly hasReadback?: boolean;
  /** Whether it takes part in readings of the device, as a number. */
  readonly isReading: boolean;
}

const NUMBERS = new Set("ai ao longin longout int64in int64out calc calcout sub sel dfanout swait scalcout".split(" "));
const TEXTS = new Set("stringin stringout lsi lso".split(" "));
const INPUTS = new Set(
  "ai longin int64in calc sel sub bi mbbi stringin lsi aai subArray compress histogram".split(" "),
);
const READINGS = new Set("ai longin int64in calc sel".split(" "));
const ARRAYS = new Set("waveform aai aao subArray".split(" "));
const TRIGGERS = new Set("fanout seq sseq event".split(" "));
/** The class of the array, by the field FTVL. */
const ELEMENTS: Readonly<Record<string, string>> = {
  STRING: "Array",
  CHAR: "Uint8Array",
  UCHAR: "Uint8Array",
  SHORT: "Int16Array",
  LONG: "Int32Array",
  FLOAT: "Float32Array",
  DOUBLE: "Float64Array",
  ENUM: "Uint16Array",
};
/** The largest number of characters of a label that a record keeps. */
const LABEL = 25;
const STATES = "ZR ON TW TH FR FV SX SV EI NI TE EL TV TT FT FF".split(" ");

/** The member that stands for a record. */
export function memberOf({ type, fields }: DbRecord, suffix: string): PvMember {
  const kind = type === "motor" ? "motor" : TRIGGERS.has(type) ? "trigger" : INPUTS.has(type) ? "read" : "readWrite";
  return {
    suffix,
    isLongText: type === "lsi" || type === "lso",
    kind,
    datatype: datatypeOf(type, fields),
    doc: docOf(type, fields),
    isReading: READINGS.has(type),
  };
}

function datatypeOf(type: string, fields: ReadonlyMap<string, string>): string | readonly string[] {
  if (NUMBERS.has(type)) return "Number";
  if (TEXTS.has(type)) return "String";
  if (ARRAYS.has(type)) {
    // An array of one element is a scalar.
    const isArray = Number(fields.get("NELM") ?? 1) > 1;
    return isArray ? (ELEMENTS[fields.get("FTVL") ?? (type === "waveform" ? "STRING" : "")] ?? "null") : "null";
  }
  if (type === "bi" || type === "bo" || type === "busy") return choices([fields.get("ZNAM"), fields.get("ONAM")]);
  if (type === "mbbi" || type === "mbbo") return choices(STATES.map((state) => fields.get(`${state}ST`)));
  return "null";
}

/** The labels up to the last one that is given; the number of a state where its label is not clear. */
function choices(labels: readonly (string | undefined)[]): string | readonly string[] {
  const last = labels.findLastIndex((label) => label);
  if (last < 0 || labels.some((label) => label?.includes("$("))) return "null";
  return stateNames(labels.slice(0, last + 1).map((label = "") => label.slice(0, LABEL)));
}

function docOf(type: string, fields: ReadonlyMap<string, string>): string {
  const [low, high] = ["DRVL", "DRVH"].map((field) => Number(fields.get(field) ?? 0)) as [number, number];
  const units = fields.get("EGU") ?? "";
  const range = low < high ? `${low} to ${high} ${units}`.trim() : units;
  return [fields.get("DESC") ?? "", range, `record ${type}`].filter((fact) => fact !== "").join("; ");
}
