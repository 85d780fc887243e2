/** Codecs of string and blob. */

import { Buffer } from "node:buffer";
import type { BlobInfo, StringInfo } from "../datainfo";
import { type Codec, checkLength, shown, wrongType } from "./codec";

/** The codec of a string. */
export function stringCodec(info: StringInfo): Codec<string> {
  return {
    decode: (wire) => {
      if (typeof wire !== "string") throw wrongType(`${shown(wire)} is not a string`);
      return wire;
    },
    encode: (value) => {
      if (typeof value !== "string") throw wrongType(`${shown(value)} is not a string`);
      if (value.includes("\0")) throw wrongType(`${shown(value)} contains a NUL character`);
      if (!info.isUTF8 && !/^[\0-\x7f]*$/.test(value))
        throw wrongType(`${shown(value)} is not ASCII, as the node demands`);
      checkLength(codePoints(value), info.minchars, info.maxchars, "characters");
      return value;
    },
  };
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The codec of a blob, which is base64 on the wire. */
export function blobCodec(info: BlobInfo): Codec<Uint8Array> {
  return {
    decode: decodeBase64,
    encode: (value) => {
      if (!(value instanceof Uint8Array)) throw wrongType(`${shown(value)} is not a Uint8Array`);
      checkLength(value.length, info.minbytes, info.maxbytes, "bytes");
      return encodeBase64(value);
    },
  };
}

/**
 * The bytes of a base64 text (RFC 4648 §4). Padding may be missing, and there may be line ends. Throws
 * WrongTypeError for characters that are not base64.
 */
export function decodeBase64(wire: unknown): Uint8Array {
  if (typeof wire !== "string") throw wrongType(`${shown(wire)} is not a base64 string`);
  const text = wire.includes("\n") ? wire.replaceAll(/\s/g, "") : wire;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = Buffer.from(text, "base64");
  // Buffer skips characters that are not base64, so a text with such characters gives too few bytes.
  const whole = digits % 4 !== 1 && bytes.length === Math.floor((digits * 3) / 4);
  if (!whole || (padding > 0 && text.length % 4 !== 0)) throw wrongType(`${shown(wire)} is not base64`);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Bytes as a base64 text with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
