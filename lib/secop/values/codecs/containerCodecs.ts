/** Codecs of array, tuple and struct, made from the codecs of their members. */

import { type ArrayInfo, isWideInt, type StructInfo, type TupleInfo } from "../datainfo";
import { type Codec, checkLength, notOneOf, prefixPath, shown, wrongType } from "./codec";

const INT32 = 2 ** 31;

/**
 * The codec of an array. Its values are Float64Arrays of numbers, Int32Arrays of ints in their range, and
 * plain arrays of all other types and of ints beyond 2^53.
 */
export function arrayCodec(info: ArrayInfo, member: Codec): Codec<ArrayLike<unknown>> {
  const collect = collectorFor(info);
  return {
    decode: (wire) => {
      if (!Array.isArray(wire)) throw wrongType(`${shown(wire)} is not a list`);
      return collect(mapMembers(wire, member.decode));
    },
    encode: (value) => {
      const list = asList(value);
      checkLength(list.length, info.minlen, info.maxlen, "elements");
      return mapMembers(list, member.encode);
    },
  };
}

function mapMembers(list: ArrayLike<unknown>, convert: (value: unknown) => unknown): unknown[] {
  const out: unknown[] = [];
  try {
    for (let i = 0; i < list.length; i += 1) out.push(convert(list[i]));
  } catch (error) {
    throw prefixPath(`[${out.length}]`, error);
  }
  return out;
}

function asList(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value)) return value;
  // The cast is needed because the common type of typed arrays in TypeScript has no elements.
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return value as unknown as ArrayLike<unknown>;
  throw wrongType(`${shown(value)} is not a list`);
}

function collectorFor(info: ArrayInfo): (values: unknown[]) => ArrayLike<unknown> {
  const { members } = info;
  const floats = (values: unknown[]) => Float64Array.from(values as number[]);
  if (members.type === "double" || members.type === "scaled") return floats;
  if (members.type !== "int" || isWideInt(members)) return (values) => values;
  const small = (members.min ?? -INT32) >= -INT32 && (members.max ?? INT32 - 1) < INT32;
  // A node may exceed its own limits, so numbers that do not fit are kept in a wider form.
  return (values) => {
    if (values.some((v) => typeof v === "bigint")) return values;
    return small && (values as number[]).every((v) => v === (v | 0))
      ? Int32Array.from(values as number[])
      : floats(values);
  };
}

/** The codec of a tuple. */
export function tupleCodec(info: TupleInfo, members: readonly Codec[]): Codec<unknown[]> {
  const { length } = info.members;
  const convert = (list: ArrayLike<unknown>, how: "decode" | "encode") => {
    const out: unknown[] = [];
    try {
      for (const member of members) out.push(member[how](list[out.length]));
    } catch (error) {
      throw prefixPath(`[${out.length}]`, error);
    }
    return out;
  };
  return {
    // The spec demands that extra elements are ignored.
    decode: (wire) => {
      if (!Array.isArray(wire) || wire.length < length) throw wrongType(`${shown(wire)} is not a tuple of ${length}`);
      return convert(wire, "decode");
    },
    encode: (value) => {
      const list = asList(value);
      if (list.length !== length)
        throw wrongType(`${shown(value)} has ${list.length} elements, the tuple has ${length}`);
      return convert(list, "encode");
    },
  };
}

/** The codec of a struct. Only own members count, so that no name reaches a prototype. */
export function structCodec(info: StructInfo, members: ReadonlyMap<string, Codec>): Codec<Record<string, unknown>> {
  const optional = new Set(info.optional);
  const convert = (value: object, how: "decode" | "encode") => {
    const out: [string, unknown][] = [];
    for (const [name, member] of members) {
      const part = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      if (part === undefined || (part === null && (how === "encode" || optional.has(name)))) {
        if (optional.has(name)) continue;
        throw wrongType(`the member ${shown(name)} is missing`);
      }
      try {
        out.push([name, member[how](part)]);
      } catch (error) {
        throw prefixPath(`.${name}`, error);
      }
    }
    return Object.fromEntries(out);
  };
  return {
    decode: (wire) => convert(asStruct(wire), "decode"),
    encode: (value) => {
      const struct = asStruct(value);
      const unknownName = Object.keys(struct).find((name) => !members.has(name));
      if (unknownName !== undefined) {
        throw wrongType(`the member ${notOneOf(unknownName, [...members.keys()])}`);
      }
      return convert(struct, "encode");
    },
  };
}

function asStruct(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)) return value;
  throw wrongType(`${shown(value)} is not an object`);
}
