/** The codec of any datainfo. */

import type { Codec } from "./codecs/codec";
import { arrayCodec, structCodec, tupleCodec } from "./codecs/containerCodecs";
import { matrixCodec } from "./codecs/matrixCodec";
import { boolCodec, doubleCodec, enumCodec, intCodec, scaledCodec } from "./codecs/numberCodecs";
import { blobCodec, stringCodec } from "./codecs/textCodecs";
import type { Datainfo } from "./datainfo";

export type { Codec, Matrix, MatrixData } from "./codecs/index";

const asIs: Codec = { decode: (wire) => wire, encode: (value) => value };

/**
 * Converts between JavaScript values and the wire: enum is its name, struct an object, tuple an array, scaled
 * the physical number, blob a Uint8Array, matrix `{shape, data}`, an array of numbers a typed array, an int a
 * number (`bigint` beyond 2^53), and an unknown type its JSON.
 */
export function codecFor<T = unknown>(info: Datainfo): Codec<T> {
  return anyCodec(info) as Codec<T>;
}

function anyCodec(info: Datainfo): Codec {
  switch (info.type) {
    case "double":
      return doubleCodec(info);
    case "scaled":
      return scaledCodec(info);
    case "int":
      return intCodec(info);
    case "bool":
      return boolCodec;
    case "enum":
      return enumCodec(info);
    case "string":
      return stringCodec(info);
    case "blob":
      return blobCodec(info);
    case "array":
      return arrayCodec(info, memberCodec(info.members));
    case "tuple":
      return tupleCodec(info, info.members.map(memberCodec));
    case "struct":
      return structCodec(
        info,
        new Map(Object.entries(info.members).map(([name, member]) => [name, memberCodec(member)])),
      );
    case "matrix":
      return matrixCodec(info);
    case "unknown":
      return asIs;
  }
}

/**
 * The codec of a value in an array, tuple or struct, where many nodes send null for a number that is NaN,
 * since JSON has no NaN.
 */
function memberCodec(info: Datainfo): Codec {
  const codec = anyCodec(info);
  if (info.type !== "double" && info.type !== "scaled") return codec;
  return { ...codec, decode: (wire) => (wire === null ? Number.NaN : codec.decode(wire)) };
}
