// `any`: a value that brings its type with it (CORBA 3.3 part 2, section 9.3.5). Only the types of Tango's commands are known.

import { CdrReader, type CdrWriter, type NumberArray } from "./cdr";
import * as codec from "./idlTypes";
import { type Codec, TypeKind } from "./idlTypes";

/** A value with its type, to be sent as `any`. */
export interface Typed<T = unknown> {
  readonly type: Codec<T>;
  readonly value: T;
}

export function readAny(from: CdrReader): unknown {
  return readType(from, 0).read(from);
}

export function writeAny<T>(to: CdrWriter, { type, value }: Typed<T>): void {
  type.writeType(to);
  type.write(to, value);
}

/** Types in types; a type that contains itself is none of Tango's. */
const MAX_DEPTH = 8;

const PLAIN: ReadonlyMap<number, Codec<unknown>> = new Map<number, Codec<unknown>>([
  [TypeKind.null, codec.nothing],
  [TypeKind.void, codec.nothing],
  [TypeKind.short, codec.short],
  [TypeKind.long, codec.long],
  [TypeKind.unsignedShort, codec.unsignedShort],
  [TypeKind.unsignedLong, codec.unsignedLong],
  [TypeKind.float, codec.float],
  [TypeKind.double, codec.double],
  [TypeKind.boolean, codec.boolean],
  [TypeKind.octet, codec.octet],
  [TypeKind.longLong, codec.longLong],
  [TypeKind.unsignedLongLong, codec.unsignedLongLong],
]);

const ARRAYS: ReadonlyMap<Codec<unknown>, Codec<NumberArray>> = new Map<Codec<unknown>, Codec<NumberArray>>([
  [codec.octet, codec.octets],
  [codec.short, codec.shorts],
  [codec.unsignedShort, codec.unsignedShorts],
  [codec.long, codec.longs],
  [codec.unsignedLong, codec.unsignedLongs],
  [codec.longLong, codec.longLongs],
  [codec.unsignedLongLong, codec.unsignedLongLongs],
  [codec.float, codec.floats],
  [codec.double, codec.doubles],
]);

function readType(from: CdrReader, depth: number): Codec<unknown> {
  if (depth > MAX_DEPTH) throw new RangeError("a type is nested too deeply");
  const kind = from.unsignedLong();
  const plain = PLAIN.get(kind);
  if (plain) return plain;
  if (kind === TypeKind.string) {
    from.unsignedLong();
    return codec.string;
  }
  if (!COMPLEX.has(kind)) throw new RangeError(`a value of type ${kind} is none of Tango's`);
  const inner = CdrReader.encapsulation(from.octets());
  if (kind === TypeKind.sequence) return sequenceOf(readType(inner, depth + 1));
  const id = inner.string();
  inner.string();
  if (kind === TypeKind.alias) return readType(inner, depth + 1);
  const count = inner.count(4);
  if (kind === TypeKind.enum) {
    const names = Array.from({ length: count }, () => inner.string());
    return codec.enumeration(id, names);
  }
  const members = Array.from({ length: count }, () => [inner.string(), readType(inner, depth + 1)] as const);
  return codec.struct(id, Object.fromEntries(members) as Record<string, Codec<unknown>>);
}

const COMPLEX: ReadonlySet<number> = new Set([TypeKind.sequence, TypeKind.alias, TypeKind.enum, TypeKind.struct]);

function sequenceOf(element: Codec<unknown>): Codec<unknown> {
  return ARRAYS.get(element) ?? codec.sequence(element);
}
