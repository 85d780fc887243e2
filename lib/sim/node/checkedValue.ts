/** The strict check of values that a node receives, where the library's codecs are lenient. */

import { WrongTypeError } from "../../errors";
import type { Codec } from "../../secop/values/codecFor";
import type { Datainfo } from "../../secop/values/datainfo";
import { asObject } from "../../secop/values/jsonFields";

/**
 * Decodes a value that a client sent. @throws WrongTypeError or SecopRangeError if the datainfo does not
 * allow it.
 */
export function checkedValue(info: Datainfo, codec: Codec<unknown>, wire: unknown): unknown {
  refuseExtras(info, wire, "");
  const value = codec.decode(wire);
  codec.encode(value);
  return value;
}

/**
 * The limit that is closest to a number out of range, as on the wire; undefined if the number is within
 * limits.
 */
export function closestValid(info: Datainfo, wire: unknown): number | undefined {
  if (typeof wire !== "number" || !("min" in info || "max" in info)) return undefined;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = info;
  const closest = Math.min(max, Math.max(min, wire));
  return closest === wire ? undefined : closest;
}

/**
 * Refuses unknown members of a struct and extra elements of a tuple. A client ignores them, but a node must
 * not.
 */
function refuseExtras(info: Datainfo, wire: unknown, path: string): void {
  if (info.type === "array" && Array.isArray(wire)) {
    for (const [n, element] of wire.entries()) refuseExtras(info.members, element, `${path}[${n}]`);
  } else if (info.type === "tuple" && Array.isArray(wire)) {
    if (wire.length > info.members.length) throw extra(path, `${wire.length} elements, not ${info.members.length}`);
    for (const [n, member] of info.members.entries()) refuseExtras(member, wire[n], `${path}[${n}]`);
  } else if (info.type === "struct") {
    for (const [name, part] of Object.entries(asObject(wire) ?? {})) {
      const member = info.members[name];
      if (!member) throw extra(path, `there is no member ${JSON.stringify(name)}`);
      refuseExtras(member, part, `${path}.${name}`);
    }
  }
}

function extra(path: string, reason: string): WrongTypeError {
  return new WrongTypeError(path === "" ? reason : `${path}: ${reason}`);
}
