/** The plainest value a datainfo allows: what a simulated parameter holds before anybody sets it. */
import { Buffer } from "node:buffer";
import type { Datainfo, MatrixInfo, StructInfo } from "../../secop/values/datainfo";

/** As on the wire. Never throws, whatever the node declared; `null` for a type this library does not know. */
export function firstValue(info: Datainfo): unknown {
  switch (info.type) {
    case "double":
      return nearestToZero(info.min, info.max);
    case "int":
    case "scaled":
      return Math.round(nearestToZero(info.min, info.max));
    case "bool":
      return false;
    case "enum":
      return Object.values(info.members)[0] ?? 0;
    case "string":
      return " ".repeat(length(info.minchars));
    case "blob":
      return Buffer.alloc(length(info.minbytes)).toString("base64");
    case "array":
      return Array.from({ length: length(info.minlen) }, () => firstValue(info.members));
    case "tuple":
      return info.members.map(firstValue);
    case "struct":
      return firstStruct(info);
    case "matrix":
      return firstMatrix(info);
    case "unknown":
      return null;
  }
}

/** A node may ask for more than it would itself survive. */
const LONGEST = 100_000;

function length(minimum: number | undefined): number {
  return Math.min(LONGEST, Math.max(0, Math.ceil(minimum ?? 0)));
}

function nearestToZero(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number {
  return min > 0 ? min : Math.min(max, 0);
}

function firstStruct(info: StructInfo): Record<string, unknown> {
  const value: Record<string, unknown> = Object.create(null);
  for (const [name, member] of Object.entries(info.members)) value[name] = firstValue(member);
  return value;
}

function firstMatrix(info: MatrixInfo): { len: number[]; blob: string } {
  const bytes = Number(info.elementtype.at(-1));
  return { len: info.maxlen.map(() => 1), blob: Buffer.alloc(bytes).toString("base64") };
}
