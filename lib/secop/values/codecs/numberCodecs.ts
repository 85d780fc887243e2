/** Codecs of double, scaled, int, bool and enum. */

import { exactNumber } from "../../../exactNumber";
import type { DoubleInfo, EnumInfo, IntInfo, ScaledInfo } from "../datainfo";
import { physicalBy, physicalLimits } from "../scale";
import { allowed, type Codec, notOneOf, outOfRange, shown, wrongType } from "./codec";

/** Relative resolution if the datainfo has none (spec: that of a 4-byte float). */
const RELATIVE_RESOLUTION = 1.2e-7;

/**
 * The value if it is within limits; the limit if the value exceeds it by no more than the resolution, as
 * 0.30000000000000004 does at the end of a scan.
 */
function withinLimits(value: number, info: DoubleInfo, min: number | undefined, max: number | undefined): number {
  const slack = Math.max(
    info.absolute_resolution ?? 0,
    Math.abs(value) * (info.relative_resolution ?? RELATIVE_RESOLUTION),
  );
  if (min !== undefined && value < min) {
    if (value < min - slack) throw outOfRange(allowed(min, max, info.unit));
    return min;
  }
  if (max !== undefined && value > max) {
    if (value > max + slack) throw outOfRange(allowed(min, max, info.unit));
    return max;
  }
  return value;
}

function finite(value: unknown): number {
  if (typeof value !== "number") throw wrongType(`${shown(value)} is not a number`);
  if (!Number.isFinite(value)) throw wrongType(`${value} is not a finite number`);
  return value;
}

function received(wire: unknown): number {
  if (typeof wire === "number") return wire;
  if (typeof wire === "bigint") return Number(wire);
  throw wrongType(`${shown(wire)} is not a number`);
}

/** The codec of a double. */
export function doubleCodec(info: DoubleInfo): Codec<number> {
  return {
    decode: received,
    encode: (value) => withinLimits(finite(value), info, info.min, info.max),
  };
}

/** The codec of a scaled number: the value is the integer on the wire times the scale. */
export function scaledCodec(info: ScaledInfo): Codec<number> {
  const { scale } = info;
  const physical = physicalBy(scale);
  return {
    decode: (wire) => physical(received(wire)),
    encode: (value) => {
      const raw = Math.round(finite(value) / scale);
      if (raw < (info.min ?? Number.NEGATIVE_INFINITY) || raw > (info.max ?? Number.POSITIVE_INFINITY)) {
        const { min, max } = physicalLimits(info);
        throw outOfRange(allowed(min, max, info.unit));
      }
      if (!Number.isSafeInteger(raw)) throw outOfRange(`${value} is beyond what the node can hold exactly`);
      return raw;
    },
  };
}

/** The codec of an int: a number, or a `bigint` where a number would lose digits. */
export function intCodec(info: IntInfo): Codec<number | bigint> {
  return {
    decode: (wire) => {
      if (typeof wire === "bigint") return wire;
      if (typeof wire === "number" && Number.isInteger(wire)) return wire;
      if (wire === true || wire === false) return Number(wire);
      throw wrongType(`${shown(wire)} is not an integer`);
    },
    encode: (value) => {
      if (typeof value !== "bigint" && (typeof value !== "number" || !Number.isInteger(value))) {
        throw wrongType(`${shown(value)} is not an integer`);
      }
      if (value < (info.min ?? Number.NEGATIVE_INFINITY) || value > (info.max ?? Number.POSITIVE_INFINITY)) {
        throw outOfRange(allowed(info.min, info.max, info.unit));
      }
      if (typeof value === "number" && !Number.isSafeInteger(value)) {
        throw wrongType(`${value} is beyond 2^53, where numbers lose digits: write it as a bigint, ${BigInt(value)}n`);
      }
      return typeof value === "bigint" ? exactNumber(value) : value;
    },
  };
}

/** The codec of a bool; 0 and 1 are accepted from nodes. */
export const boolCodec: Codec<boolean> = {
  decode: (wire) => {
    if (typeof wire === "boolean") return wire;
    if (wire === 0 || wire === 1) return wire === 1;
    throw wrongType(`${shown(wire)} is not a boolean`);
  },
  encode: (value) => {
    if (typeof value !== "boolean") throw wrongType(`${shown(value)} is not a boolean: write true or false`);
    return value;
  },
};

/**
 * The codec of an enum: the value is its name. A code without a name becomes its decimal text, since status
 * codes need not be declared. Names and codes can be sent.
 */
export function enumCodec(info: EnumInfo): Codec<string> {
  const names = new Map<number, string>();
  for (const [name, code] of Object.entries(info.members)) if (!names.has(code)) names.set(code, name);
  const choices = Object.keys(info.members);
  return {
    decode: (wire) => {
      if (typeof wire === "number") return names.get(wire) ?? String(wire);
      if (typeof wire === "string") return wire;
      if (typeof wire === "boolean") return names.get(Number(wire)) ?? String(Number(wire));
      throw wrongType(`${shown(wire)} is not an enum code`);
    },
    encode: (value) => {
      if (typeof value === "string" && Object.hasOwn(info.members, value)) return info.members[value];
      if (typeof value === "number" && names.has(value)) return value;
      if (typeof value === "string" || typeof value === "number") {
        throw outOfRange(notOneOf(value, choices));
      }
      throw wrongType(`${notOneOf(value, choices)}: write a name`);
    },
  };
}
