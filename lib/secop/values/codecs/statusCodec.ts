/** The codec of the status of a module. */

import type { Codec } from "./codec";

/** Accepts a status without its text: a code alone, `[100]` and `[100, null]` are `[100, ""]`. */
export function statusCodec(codec: Codec): Codec {
  return {
    decode: (wire) => codec.decode(withText(wire)),
    encode: codec.encode,
  };
}

function withText(wire: unknown): unknown {
  if (typeof wire === "number") return [wire, ""];
  if (!Array.isArray(wire) || wire.length === 0 || wire[0] === null) return wire;
  return [wire[0], wire[1] ?? "", ...wire.slice(2)];
}
