/** Makes the members of a class from a list of PVs, by asking their IOC for the types. */

import type { DataKeyBody } from "../core/signal/signalBackend";
import { withDeadline } from "../core/status/deadline";
import { memberOf, type PvMember } from "./db/recordTypes";
import { EpicsError } from "./epicsError";
import { pvAddress } from "./link/pvAddress";

/** The timeout in seconds of each request. */
const TIMEOUT = 10;

/** The arrays by the numpy types of their elements. */
const ARRAYS: Readonly<Record<string, string>> = {
  "<f8": "Float64Array",
  "<f4": "Float32Array",
  "<i8": "BigInt64Array",
  "<u8": "BigUint64Array",
  "<i4": "Int32Array",
  "<u4": "Uint32Array",
  "<i2": "Int16Array",
  "<u2": "Uint16Array",
  "|i1": "Int8Array",
  "|u1": "Uint8Array",
  "|S40": "Array",
  "|b1": "Array",
};

/** The members for running PVs; rejects with EpicsError if one of them is not found. */
export async function askedMembers(
  protocol: "ca" | "pva",
  suffixes: readonly string[],
  prefix: string,
): Promise<PvMember[]> {
  const address = (name: string) => pvAddress(`${protocol}://${name}`);
  const ask = async (suffix: string): Promise<PvMember> => {
    const pv = address(prefix + suffix);
    const [key, type] = await Promise.all([described(pv), recordType(address(`${prefix}${suffix}.RTYP`))]);
    const { kind, isReading } = memberOf({ type, name: suffix, fields: new Map() }, suffix);
    const isMotor = kind === "motor" && protocol === "ca";
    return {
      suffix,
      isLongText: false,
      kind: isMotor ? "motor" : kind === "read" ? "read" : "readWrite",
      datatype: datatypeIn(key),
      doc: [key.units ?? "", type && `record ${type}`].filter((fact) => fact).join("; "),
      isReading: isReading && key.dtype !== "array" && key.dtype !== "string",
    };
  };
  return await Promise.all(suffixes.map(ask));
}

async function described({ open, name }: ReturnType<typeof pvAddress>): Promise<DataKeyBody> {
  const link = await open(name, { datatype: null, asText: false }, { timeout: TIMEOUT });
  try {
    return await withDeadline((signal) => link.dataKey(signal), { timeout: TIMEOUT }, `the description of ${name}`);
  } finally {
    link.release();
  }
}

/** The type of the record behind a PV; empty if there is no record behind it. */
async function recordType({ open, name }: ReturnType<typeof pvAddress>): Promise<string> {
  try {
    const link = await open(name, { datatype: String, asText: false }, { timeout: TIMEOUT });
    try {
      const what = `${name} to be read`;
      const { value } = await withDeadline((signal) => link.read(signal), { timeout: TIMEOUT }, what);
      return String(value);
    } finally {
      link.release();
    }
  } catch (error) {
    if (error instanceof EpicsError) return "";
    throw error;
  }
}

function datatypeIn({ dtype, dtype_numpy, choices, shape }: DataKeyBody): string | readonly string[] {
  if (choices) return dtype === "array" ? "Array" : choices;
  if (dtype === "number" || dtype === "integer") return "Number";
  if (dtype === "boolean") return "Boolean";
  if (dtype === "string") return "String";
  if (shape.length > 1) return "EpicsImage";
  return typeof dtype_numpy === "string" ? (ARRAYS[dtype_numpy] ?? "null") : "Object";
}
