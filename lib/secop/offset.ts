// The feature HasOffset of SECoP 1.1: the client adds the offset. SECoP 2.0 has no such feature, its nodes apply
// `offset` themselves.

import { SecopRangeError } from "../errors";
import type { Codec } from "./codec";
import type { ModuleDescription } from "./description";

/** The parameters an offset is added to: what people see = what the node has + offset. */
export const SHIFTED: ReadonlySet<string> = new Set(["value", "target"]);

/** The parameter whose value the client has to add; undefined if there is none. */
export function offsetName(module: ModuleDescription): string | undefined {
  if (!module.features.includes("HasOffset")) return undefined;
  return ["offset", "_offset"].find((name) => module.accessibles.get(name)?.kind === "parameter");
}

/** Adds `offset` to received numbers and takes it off sent ones. */
export function shiftedCodec(codec: Codec, offset: number): Codec {
  return {
    decode: (wire) => {
      const value = codec.decode(wire);
      return typeof value === "number" ? value + offset : value;
    },
    encode: (value) => {
      try {
        return codec.encode(typeof value === "number" ? value - offset : value);
      } catch (error) {
        if (!(error instanceof SecopRangeError)) throw error;
        throw new SecopRangeError(`${error.message}, before the offset of ${offset} is added`, { cause: error });
      }
    },
  };
}
