/** A datainfo as a TypeScript type: the type that the codec of lib/secop reads and writes. */

import { type ArrayInfo, type Datainfo, isWideInt, type MatrixInfo, type StructInfo } from "../secop/values/datainfo";
import { memberKey, stringLiteral } from "./sourceText";

/** The type of values, as source text. */
export function typeOf(info: Datainfo): string {
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
      return arrayType(info);
    case "tuple":
      return `[${info.members.map(typeOf).join(", ")}]`;
    case "struct":
      return structType(info);
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

function arrayType({ members }: ArrayInfo): string {
  if (members.type === "double" || members.type === "scaled") return "Float64Array";
  if (members.type === "int" && !isWideInt(members)) {
    const small = (members.min ?? -INT32) >= -INT32 && (members.max ?? INT32 - 1) < INT32;
    return small ? "Int32Array" : "Float64Array";
  }
  const member = typeOf(members);
  return /^[A-Za-z0-9]+$/.test(member) ? `readonly ${member}[]` : `readonly (${member})[]`;
}

function structType(info: StructInfo): string {
  const optional = new Set(info.optional);
  const members = Object.entries(info.members).map(
    ([name, member]) => `${memberKey(name)}${optional.has(name) ? "?" : ""}: ${typeOf(member)}`,
  );
  return members.length === 0 ? "Record<string, never>" : `{ ${members.join("; ")} }`;
}

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
