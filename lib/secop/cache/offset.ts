/** The feature HasOffset of SECoP 1.1: the client adds the offset of a module to its values. */

// SECoP 2.0 has no such feature: its nodes apply `offset` themselves.

import type { ModuleDescription } from "../description/description";
import type { Codec } from "../values/codecFor";
import { doubleCodec } from "../values/codecs/numberCodecs";
import type { Datainfo } from "../values/datainfo";
import { physicalLimits } from "../values/scale";

/** The parameters that an offset is added to: users see the value of the node plus the offset. */
const SHIFTED: ReadonlySet<string> = new Set(["value", "target"]);

/**
 * The name of the parameter whose value the client has to add to those of `parameter`; undefined if there is
 * none.
 */
export function offsetOf(module: ModuleDescription, parameter: string): string | undefined {
  if (!SHIFTED.has(parameter) || !module.features.includes("HasOffset")) return undefined;
  return ["offset", "_offset"].find((name) => module.accessibles.get(name)?.kind === "parameter");
}

/**
 * The codec of `info` with `offset` added to received numbers and subtracted from sent ones; errors name the
 * shifted limits. The codec itself if the offset is not a number, as before its first value arrives.
 */
export function shiftedCodec(codec: Codec, info: Datainfo, offset: unknown): Codec {
  if (typeof offset !== "number") return codec;
  return {
    decode: (wire) => {
      const value = codec.decode(wire);
      return typeof value === "number" ? value + offset : value;
    },
    encode: (value) => {
      if (typeof value !== "number") return codec.encode(value);
      return codec.encode((shiftedLimits(info, offset).encode(value) as number) - offset);
    },
  };
}

/** The codec that checks the number as users see it, with its limits shifted. */
function shiftedLimits(info: Datainfo, offset: number): Codec {
  // The sum is rounded, so that messages show 0.3 for 0.1 + 0.2.
  const shift = (limit: number) => Number((limit + offset).toPrecision(14));
  const { min, max } = physicalLimits(info);
  return doubleCodec({
    type: "double",
    ...("unit" in info && info.unit !== undefined && { unit: info.unit }),
    ...(info.type === "scaled" && { absolute_resolution: info.scale / 2 }),
    ...(min !== undefined && { min: shift(min) }),
    ...(max !== undefined && { max: shift(max) }),
  });
}
