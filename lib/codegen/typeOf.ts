/** A datainfo as a TypeScript type: the type that the codec of lib/secop reads and writes. */

import { type ArrayInfo, type Datainfo, isWideInt, type MatrixInfo, type StructInfo } from "../secop/values/datainfo";
import { unitAndLimits } from "./quantity";
import { docComment, memberKey, stringLiteral } from "./sourceText";

/** The type of the values of a datainfo, as source text. */
export function typeOf(info: Datainfo): string {
  return typeText(info, undefined);
}

/**
 * The same type, with a comment before each member of a struct that gives its unit and limits: completion
 * shows it.
 *
 * @param main replaces "$" in units: the unit of the module's `value`.
 */
export function documentedType(info: Datainfo, main: string): string {
  return typeText(info, main);
}

/** `main` is undefined for a type without comments. */
function typeText(info: Datainfo, main: string | undefined): string {
  switch (info.type) {
    case "double":
    case "scaled":
      return "number";
    case "int":
      return isWideInt(info) ? "number | bigint" : "number";
    case "bool":
      return "boolean";
    case "enum":
      return unionOf(Object.keys(info.members));
    case "string":
      return "string";
    case "blob":
      return "Uint8Array";
    case "array":
      return arrayType(info, main);
    case "tuple":
      return `[${info.members.map((member) => typeText(member, main)).join(", ")}]`;
    case "struct":
      return structType(info, main);
    case "matrix":
      return `{ shape: readonly number[]; data: ${matrixData(info)} }`;
    case "unknown":
      return "unknown";
  }
}

/** The union type of names. */
export function unionOf(names: readonly string[]): string {
  return names.length === 0 ? "never" : names.map(stringLiteral).join(" | ");
}

const INT32 = 2 ** 31;

function arrayType({ members }: ArrayInfo, main: string | undefined): string {
  if (members.type === "double" || members.type === "scaled") return "Float64Array";
  if (members.type === "int" && !isWideInt(members)) {
    const small = (members.min ?? -INT32) >= -INT32 && (members.max ?? INT32 - 1) < INT32;
    return small ? "Int32Array" : "Float64Array";
  }
  const member = typeText(members, main);
  return /^[A-Za-z0-9]+$/.test(member) ? `readonly ${member}[]` : `readonly (${member})[]`;
}

function structType(info: StructInfo, main: string | undefined): string {
  const optional = new Set(info.optional);
  const members = Object.entries(info.members).map(([name, member]) => {
    const words = main === undefined ? "" : ownQuantity(member, main);
    const doc = words === "" ? "" : `${docComment(words, "").join(" ")} `;
    return `${doc}${memberKey(name)}${optional.has(name) ? "?" : ""}: ${typeText(member, main)}`;
  });
  return members.length === 0 ? "Record<string, never>" : `{ ${members.join("; ")} }`;
}

/** Unit and limits of a member; empty for a struct, whose own members have them. */
const ownQuantity = (info: Datainfo, main: string): string => (info.type === "struct" ? "" : unitAndLimits(info, main));

const MATRIX_DATA: Readonly<Record<string, string>> = {
  i1: "Int8Array",
  u1: "Uint8Array",
  i2: "Int16Array",
  u2: "Uint16Array",
  i4: "Int32Array",
  u4: "Uint32Array",
  i8: "BigInt64Array",
  u8: "BigUint64Array",
  f2: "Float32Array",
  f4: "Float32Array",
  f8: "Float64Array",
};

function matrixData({ elementtype }: MatrixInfo): string {
  return MATRIX_DATA[elementtype.slice(1)] ?? "Float64Array";
}
