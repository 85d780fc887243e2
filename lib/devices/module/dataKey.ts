/** The data keys of event-model for the values of SECoP parameters. */

import type { LimitRange } from "../../core/protocols/protocols";
import type { DataKeyBody, Field } from "../../core/signal/signalBackend";
import type { Datainfo, ScaledInfo, StringInfo } from "../../secop/values/datainfo";
import { datainfoUnit } from "../../secop/values/datainfoUnit";
import { moduleStatus } from "../../secop/values/moduleStatus";
import { physicalLimits } from "../../secop/values/scale";

/** Bytes of a numpy string whose length the node does not declare, as in ophyd. */
const TEXT_BYTES = 40;
/** A node may declare any length: numpy strings never get longer than this. */
const MOST_TEXT_BYTES = 10_000;

/**
 * The data key of a value, without its name and source.
 *
 * @param mainUnit replaces "$" in units: the unit of the module's `value`.
 */
export function dataKeyFor(info: Datainfo, mainUnit = ""): DataKeyBody {
  return { ...shapeAndType(info), ...extras(info, mainUnit), SECOP_datainfo: JSON.stringify(info) };
}

/** Significant digits after the decimal point: from a `%.nf` format, or from the step of a scaled number. */
export function precisionOf(info: Datainfo): number | undefined {
  if (info.type !== "double" && info.type !== "scaled") return undefined;
  const fixed = /^%\.(\d+)f$/.exec(info.fmtstr ?? "")?.[1];
  if (fixed !== undefined) return Number(fixed);
  return info.type === "scaled" && info.fmtstr === undefined ? scaleDigits(info) : undefined;
}

/**
 * The fields of a struct or tuple, each with its own data key; null for other types. A status has the fields
 * `code` and `text`; other tuples have `0`, `1` ...
 */
export function fieldsFor(name: string, info: Datainfo, mainUnit: string): ReadonlyMap<string, Field<unknown>> | null {
  if (name === "status") return statusFields(info);
  const members = info.type === "struct" || info.type === "tuple" ? Object.entries(info.members) : null;
  if (!members) return null;
  // The codec decodes a struct or tuple to an object or array, so the cast is safe.
  return new Map(
    members.map(([key, member]) => [
      key,
      { dataKey: dataKeyFor(member, mainUnit), pick: (value) => (value as Record<string, unknown>)[key] },
    ]),
  );
}

function statusFields(info: Datainfo): ReadonlyMap<string, Field<unknown>> {
  const status = (value: unknown) => moduleStatus(value, info);
  return new Map<string, Field<unknown>>([
    ["code", { dataKey: plain("integer", "<i8"), pick: (value) => status(value)?.code ?? null }],
    ["text", { dataKey: plain("string", `|S${TEXT_BYTES}`), pick: (value) => status(value)?.text ?? "" }],
  ]);
}

type Kind = Pick<DataKeyBody, "dtype" | "shape" | "dtype_numpy">;

const plain = (dtype: Kind["dtype"], dtype_numpy: NonNullable<Kind["dtype_numpy"]>): Kind => ({
  dtype,
  dtype_numpy,
  shape: [],
});

function shapeAndType(info: Datainfo): Kind {
  switch (info.type) {
    case "double":
    case "scaled":
      return plain("number", "<f8");
    case "int":
      return plain("integer", "<i8");
    case "bool":
      return plain("boolean", "|b1");
    case "enum":
      return plain("string", textType(Math.max(1, ...Object.keys(info.members).map((m) => Buffer.byteLength(m)))));
    case "string":
      return plain("string", textType(textBytes(info)));
    case "blob":
      return { dtype: "array", dtype_numpy: "|u1", shape: [fixedLength(info.minbytes, info.maxbytes)] };
    case "array": {
      const { shape, dtype_numpy } = shapeAndType(info.members);
      const length = fixedLength(info.minlen, info.maxlen);
      return { dtype: "array", shape: [length, ...shape], ...(dtype_numpy === undefined ? {} : { dtype_numpy }) };
    }
    case "matrix":
      return { dtype: "array", dtype_numpy: info.elementtype, shape: info.maxlen.map(() => null) };
    case "tuple":
    case "struct":
      return { dtype: "array", shape: [], ...structured(Object.entries(info.members)) };
    case "unknown":
      return { dtype: "array", shape: [] };
  }
}

/** The structured type of numpy; empty unless every field is a scalar with a numpy type. */
function structured(members: readonly (readonly [string, Datainfo])[]): Pick<DataKeyBody, "dtype_numpy"> {
  const fields: [string, string][] = [];
  for (const [name, member] of members) {
    const { shape, dtype_numpy } = shapeAndType(member);
    if (shape.length > 0 || typeof dtype_numpy !== "string") return {};
    fields.push([/^\d+$/.test(name) ? `f${name}` : name, dtype_numpy]);
  }
  return { dtype_numpy: fields };
}

function extras(info: Datainfo, mainUnit: string): Pick<DataKeyBody, "units" | "precision" | "limits" | "choices"> {
  const units = datainfoUnit(info, mainUnit);
  const precision = precisionOf(info);
  const control = limitsOf(info);
  return {
    ...(units === "" ? {} : { units }),
    ...(precision === undefined ? {} : { precision }),
    ...(control && { limits: { control } }),
    ...(info.type === "enum" ? { choices: Object.keys(info.members) } : {}),
  };
}

/** The limits of a number in its own unit; undefined if it has none. */
export function limitsOf(info: Datainfo): LimitRange | undefined {
  const { min, max } = physicalLimits(info);
  const limit = (value: number | undefined) => (value === undefined ? null : finite(value));
  const range = { low: limit(min), high: limit(max) };
  return range.low === null && range.high === null ? undefined : range;
}

/** Nodes write the largest float for "no limit"; event-model writes null. */
const finite = (limit: number): number | null => (Math.abs(limit) < Number.MAX_VALUE / 2 ? limit : null);

const scaleDigits = ({ scale }: ScaledInfo): number => Math.max(0, -Math.floor(Math.log10(scale) + 1e-9));

const fixedLength = (min = 0, max = Number.POSITIVE_INFINITY): number | null => (min === max ? max : null);

const textType = (bytes: number): string => `|S${Math.min(bytes, MOST_TEXT_BYTES)}`;

function textBytes(info: StringInfo): number {
  if (info.maxchars === undefined) return TEXT_BYTES;
  return Math.max(1, info.maxchars * (info.isUTF8 ? 4 : 1));
}
