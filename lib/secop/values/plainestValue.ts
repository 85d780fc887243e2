/**
 * The plainest value that a datainfo allows, which a mocked or simulated parameter holds until it is set.
 */

import { Buffer } from "node:buffer";
import { codecFor } from "./codecFor";
import type { Datainfo, MatrixInfo } from "./datainfo";

/**
 * The most elements of a value: a node may demand more than fit into memory, and then gets fewer.
 */
const MOST_ELEMENTS = 100_000;

/**
 * 0 or the allowed number nearest to it, the first choice, the shortest text or list, as a JavaScript value.
 * Never throws, whatever the node declared, and has at most 100,000 elements in all levels of a list
 * together.
 */
export function plainestValue(info: Datainfo): unknown {
  return codecFor(info).decode(plainestWireValue(info));
}

/** The plainest value as on the wire; `null` for a type that this library does not know. */
export function plainestWireValue(info: Datainfo): unknown {
  return plainest(info, MOST_ELEMENTS);
}

function plainest(info: Datainfo, most: number): unknown {
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
      return " ".repeat(length(info.minchars, most));
    case "blob":
      return Buffer.alloc(length(info.minbytes, most)).toString("base64");
    case "array": {
      const elements = length(info.minlen, most);
      return Array.from({ length: elements }, () => plainest(info.members, most / elements));
    }
    case "tuple":
      return info.members.map((member) => plainest(member, most / info.members.length));
    case "struct":
      return plainestStruct(Object.entries(info.members), most);
    case "matrix":
      return plainestMatrix(info);
    case "unknown":
      return null;
  }
}

function length(minimum: number | undefined, most: number): number {
  return Math.floor(Math.min(most, Math.max(0, Math.ceil(minimum ?? 0))));
}

function nearestToZero(min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number {
  return min > 0 ? min : Math.min(max, 0);
}

/** The plainest struct. It has no prototype, so that a member may have any name. */
function plainestStruct(members: readonly [string, Datainfo][], most: number): Record<string, unknown> {
  const value: Record<string, unknown> = Object.create(null);
  for (const [name, member] of members) value[name] = plainest(member, most / members.length);
  return value;
}

function plainestMatrix(info: MatrixInfo): { len: number[]; blob: string } {
  const len = info.maxlen.map((longest) => Math.min(1, longest));
  const bytes = len.includes(0) ? 0 : Number(info.elementtype.at(-1));
  return { len, blob: Buffer.alloc(bytes).toString("base64") };
}
