/** The datainfo of SECoP 1.0 to 2.0, which describes the type of a value, and its lenient parser. */

import { asObject, type Json, JsonFields, type ReportProblem } from "./jsonFields";

interface NumberDisplay {
  readonly unit?: string;
  readonly absolute_resolution?: number;
  readonly relative_resolution?: number;
  /** `%.<digits><e|f|g>`. */
  readonly fmtstr?: string;
}

/** A floating-point number. Limits are inclusive. */
export interface DoubleInfo extends NumberDisplay {
  readonly type: "double";
  /** The lowest value. */
  readonly min?: number;
  /** The highest value. */
  readonly max?: number;
}

/** An integer on the wire that stands for `integer * scale`; min and max are integers of the wire. */
export interface ScaledInfo extends NumberDisplay {
  readonly type: "scaled";
  /** The value is the transported number times this. */
  readonly scale: number;
  /** The lowest number that is transported. */
  readonly min?: number;
  /** The highest number that is transported. */
  readonly max?: number;
}

/** Datainfo of a whole number with its limits and unit. */
export interface IntInfo {
  readonly type: "int";
  /** The lowest value. */
  readonly min?: number;
  /** The highest value. */
  readonly max?: number;
  /** The unit, for example "K". */
  readonly unit?: string;
  /** How a value is written, as printf's format. */
  readonly fmtstr?: string;
}

/** Datainfo of `true` or `false`. */
export interface BoolInfo {
  readonly type: "bool";
}

/** Datainfo of one of some names, each with a number. */
export interface EnumInfo {
  readonly type: "enum";
  /** Name to code; without prototype, so any name is safe. */
  readonly members: Readonly<Record<string, number>>;
}

/** Lengths in Unicode code points. */
export interface StringInfo {
  readonly type: "string";
  /** The least number of characters. */
  readonly minchars?: number;
  /** The largest number of characters. */
  readonly maxchars?: number;
  /** Default false: ASCII only. */
  readonly isUTF8?: boolean;
}

/** Datainfo of bytes; `minbytes` default 0. */
export interface BlobInfo {
  readonly type: "blob";
  /** The least number of bytes. */
  readonly minbytes?: number;
  /** The largest number of bytes. */
  readonly maxbytes?: number;
}

/** Datainfo of a list of values of one type; `minlen` default 0. */
export interface ArrayInfo {
  readonly type: "array";
  /** The datainfo of the elements. */
  readonly members: Datainfo;
  /** The least number of elements. */
  readonly minlen?: number;
  /** The largest number of elements. */
  readonly maxlen?: number;
}

/** Datainfo of a fixed number of values of their own types. */
export interface TupleInfo {
  readonly type: "tuple";
  /** The datainfo of each element. */
  readonly members: readonly Datainfo[];
}

/** Datainfo of values by names. */
export interface StructInfo {
  readonly type: "struct";
  /** Without prototype, so any name is safe. */
  readonly members: Readonly<Record<string, Datainfo>>;
  /** Members a `change` may leave out. Absent means none. */
  readonly optional?: readonly string[];
}

/** Datainfo of a matrix of numbers (SECoP 2.0). */
export interface MatrixInfo {
  readonly type: "matrix";
  /** Dimension names, the first one varies fastest. */
  readonly names: readonly string[];
  /** The largest length of each dimension. */
  readonly maxlen: readonly number[];
  /** Byte order, kind and bytes of an element: `[<>][iuf][1248]`, as numpy writes it. */
  readonly elementtype: string;
  /** How the bytes are compressed. */
  readonly compression?: string;
}

/** A type that this client does not know: its values stay JSON. */
export interface UnknownInfo {
  readonly type: "unknown";
  /** The datainfo that the node declared. */
  readonly declared: unknown;
}

/**
 * The datainfo of a value. Its keys are those of the wire, so that JSON.stringify gives SECoP's own form.
 */
export type Datainfo =
  | DoubleInfo
  | ScaledInfo
  | IntInfo
  | BoolInfo
  | EnumInfo
  | StringInfo
  | BlobInfo
  | ArrayInfo
  | TupleInfo
  | StructInfo
  | MatrixInfo
  | UnknownInfo;

/** Datainfo of a command; `null` where it has no argument or no result. */
export interface CommandInfo {
  readonly type: "command";
  /** The datainfo of the argument. */
  readonly argument: Datainfo | null;
  /** The datainfo of the result. */
  readonly result: Datainfo | null;
}

type ParseMember = (json: unknown, name: string) => Datainfo;

/** The deepest nesting. A deeper datainfo is not one of an instrument, and could exhaust the stack. */
const MAX_DEPTH = 24;

/** Whether an int can exceed what a JavaScript number holds exactly: such values may be a `bigint`. */
export function isWideInt(info: IntInfo): boolean {
  return (info.min ?? 0) < Number.MIN_SAFE_INTEGER || (info.max ?? 0) > Number.MAX_SAFE_INTEGER;
}

/**
 * Reads a datainfo. Unusable parts are reported and left out; a datainfo that cannot be read becomes
 * `unknown`. Never throws.
 */
export function parseDatainfo(json: unknown, report: ReportProblem = () => {}): Datainfo {
  return parseAt(json, "", 0, report);
}

/** Reads the datainfo of a command. Never throws. */
export function parseCommandInfo(json: unknown, report: ReportProblem = () => {}): CommandInfo {
  const { argument, result } = asTyped(json) ?? {};
  const part = (info: unknown, path: string) =>
    info === undefined || info === null ? null : parseAt(info, path, 1, report);
  return { type: "command", argument: part(argument, "argument"), result: part(result, "result") };
}

/** The `type` that a datainfo declares, whatever else is wrong with it; empty if it declares none. */
export function declaredType(json: unknown): string {
  const type = asTyped(json)?.type;
  return typeof type === "string" ? type : "";
}

function asTyped(json: unknown): Json | undefined {
  // Before SECoP 1.0 the form was ["double", {...}].
  if (Array.isArray(json) && typeof json[0] === "string") return { ...asObject(json[1]), type: json[0] };
  return asObject(json);
}

function parseAt(json: unknown, path: string, depth: number, report: ReportProblem): Datainfo {
  const info = asTyped(json);
  const type = typeof info?.type === "string" ? info.type : "";
  const at = path === "" ? "" : `${path}: `;
  const parse = PARSERS.get(type);
  if (!info || !parse || depth > MAX_DEPTH) {
    report(`${at}${depth > MAX_DEPTH ? "nested too deeply" : info ? `unknown type "${type}"` : "no data info"}`);
    return { type: "unknown", declared: json };
  }
  if (Array.isArray(json)) report(`${at}a list is the form before SECoP 1.0`);
  const inner = (member: unknown, name: string) =>
    parseAt(member, path === "" ? name : `${path}.${name}`, depth + 1, report);
  return parse(new JsonFields(info, path, report), inner) ?? { type: "unknown", declared: json };
}

const RESOLUTION = ["absolute_resolution", "relative_resolution"] as const;

function parseDouble(fields: JsonFields): Datainfo {
  return { type: "double", ...fields.numbers("min", "max", ...RESOLUTION), ...fields.texts("unit", "fmtstr") };
}

function parseScaled(fields: JsonFields): Datainfo | undefined {
  const { scale } = fields.numbers("scale");
  if (scale === undefined || !(scale > 0) || !Number.isFinite(scale)) {
    fields.problem("scale is missing or not positive");
    return undefined;
  }
  const limits = fields.integers("min", "max");
  fields.require(limits, "min", "max");
  return { type: "scaled", scale, ...limits, ...fields.numbers(...RESOLUTION), ...fields.texts("unit", "fmtstr") };
}

function parseInteger(fields: JsonFields): Datainfo {
  const limits = fields.integers("min", "max");
  fields.require(limits, "min", "max");
  return { type: "int", ...limits, ...fields.texts("unit", "fmtstr") };
}

function parseEnum(fields: JsonFields): Datainfo | undefined {
  const list = fields.raw("members");
  const isList = Array.isArray(list) && list.every((name) => typeof name === "string");
  if (isList) fields.problem("members is a list, taken as names of the codes from 0");
  const json = isList ? Object.fromEntries(list.map((name, code) => [name, code])) : fields.object("members");
  if (!json) return undefined;
  const members: Record<string, number> = Object.create(null);
  for (const [name, code] of Object.entries(json)) {
    const number = typeof code === "string" && /^-?\d{1,15}$/.test(code) ? Number(code) : code;
    if (number !== code || !Number.isInteger(code)) fields.problem(`the code of member "${name}" is not an integer`);
    if (typeof number === "number" && Number.isInteger(number)) members[name] = number;
  }
  return { type: "enum", members };
}

function parseString(fields: JsonFields): Datainfo {
  return { type: "string", ...fields.counts("minchars", "maxchars"), ...fields.flags("isUTF8") };
}

function parseBlob(fields: JsonFields): Datainfo {
  const lengths = { ...fields.count("minbytes", "min"), ...fields.count("maxbytes", "max") };
  fields.require(lengths, "maxbytes");
  return { type: "blob", ...lengths };
}

function parseArray(fields: JsonFields, inner: ParseMember): Datainfo {
  const lengths = { ...fields.count("minlen", "min"), ...fields.count("maxlen", "max") };
  fields.require(lengths, "maxlen");
  return { type: "array", members: inner(fields.raw("members"), "members"), ...lengths };
}

function parseTuple(fields: JsonFields, inner: ParseMember): Datainfo | undefined {
  const members = fields.raw("members");
  if (!Array.isArray(members)) {
    fields.problem("members is missing or no list");
    return undefined;
  }
  return { type: "tuple", members: members.map((member, i) => inner(member, `members[${i}]`)) };
}

function parseStruct(fields: JsonFields, inner: ParseMember): Datainfo | undefined {
  const json = fields.object("members");
  if (!json) return undefined;
  const members: Record<string, Datainfo> = Object.create(null);
  for (const [name, member] of Object.entries(json)) members[name] = inner(member, `members.${name}`);
  const declared = fields.raw("optional");
  if (declared === undefined) return { type: "struct", members };
  const all = declared === true ? Object.keys(members) : [];
  const names = Array.isArray(declared) ? declared : all;
  const optional = names.filter((name): name is string => typeof name === "string" && Object.hasOwn(members, name));
  if (!Array.isArray(declared) || optional.length < names.length) fields.problem("optional is not a list of members");
  return { type: "struct", members, optional };
}

function parseMatrix(fields: JsonFields): Datainfo | undefined {
  const [names, maxlen, elementtype] = [fields.raw("names"), fields.raw("maxlen"), fields.raw("elementtype")];
  const isNames = Array.isArray(names) && names.every((name) => typeof name === "string");
  const isLengths = Array.isArray(maxlen) && maxlen.every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!isNames || !isLengths || names.length !== maxlen.length) {
    fields.problem("names and maxlen are not two lists of equal length");
    return undefined;
  }
  if (typeof elementtype !== "string" || !/^[<>](?:[iu][1248]|f[248])$/.test(elementtype)) {
    fields.problem("elementtype is missing or unknown");
    return undefined;
  }
  const { compression } = fields.texts("compression");
  if (compression === undefined) return { type: "matrix", names, maxlen, elementtype };
  fields.problem("compression is not defined by the spec");
  return undefined;
}

const PARSERS: ReadonlyMap<string, (fields: JsonFields, inner: ParseMember) => Datainfo | undefined> = new Map([
  ["double", parseDouble],
  ["scaled", parseScaled],
  ["int", parseInteger],
  ["bool", (): Datainfo => ({ type: "bool" })],
  ["enum", parseEnum],
  ["string", parseString],
  ["blob", parseBlob],
  ["array", parseArray],
  ["tuple", parseTuple],
  ["struct", parseStruct],
  ["matrix", parseMatrix],
]);
