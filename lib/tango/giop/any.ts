/** CORBA's `any`: a value that is sent together with its type (CORBA 3.3 part 2, section 9.3.5). */

import { type CdrNumbers, CdrReader, type CdrWriter } from "./cdr";
import * as codec from "./idlTypes";
import { type IdlType, TypeCodeKind } from "./idlTypes";

/** A value together with its IDL type, to be sent as an `any`. */
export interface TypedValue<T = unknown> {
  readonly type: IdlType<T>;
  readonly value: T;
}

/** Reads an `any`. Throws RangeError for types that no Tango command uses. */
export function readAny(from: CdrReader): unknown {
  return readTypeCode(from, 0).read(from);
}

/** Writes a value with its type. */
export function writeAny<T>(to: CdrWriter, { type, value }: TypedValue<T>): void {
  type.writeTypeCode(to);
  type.write(to, value);
}

/** How deeply types may be nested. Tango has no recursive types, so deeper nesting is malformed data. */
const MAX_DEPTH = 8;

const PLAIN: ReadonlyMap<number, IdlType<unknown>> = new Map<number, IdlType<unknown>>([
  [TypeCodeKind.null, codec.voidType],
  [TypeCodeKind.void, codec.voidType],
  [TypeCodeKind.short, codec.short],
  [TypeCodeKind.long, codec.long],
  [TypeCodeKind.unsignedShort, codec.unsignedShort],
  [TypeCodeKind.unsignedLong, codec.unsignedLong],
  [TypeCodeKind.float, codec.float],
  [TypeCodeKind.double, codec.double],
  [TypeCodeKind.boolean, codec.boolean],
  [TypeCodeKind.octet, codec.octet],
  [TypeCodeKind.longLong, codec.longLong],
  [TypeCodeKind.unsignedLongLong, codec.unsignedLongLong],
]);

const ARRAYS: ReadonlyMap<IdlType<unknown>, IdlType<CdrNumbers>> = new Map<IdlType<unknown>, IdlType<CdrNumbers>>([
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

function readTypeCode(from: CdrReader, depth: number): IdlType<unknown> {
  if (depth > MAX_DEPTH) throw new RangeError("a type is nested too deeply");
  const kind = from.unsignedLong();
  const plain = PLAIN.get(kind);
  if (plain) return plain;
  if (kind === TypeCodeKind.string) {
    from.unsignedLong();
    return codec.string;
  }
  if (!COMPLEX.has(kind)) throw new RangeError(`Tango has no values of the CORBA type ${kind}`);
  const inner = CdrReader.encapsulation(from.octets());
  if (kind === TypeCodeKind.sequence) return sequenceOf(readTypeCode(inner, depth + 1));
  const id = inner.string();
  inner.string();
  if (kind === TypeCodeKind.alias) return readTypeCode(inner, depth + 1);
  const count = inner.count(4);
  if (kind === TypeCodeKind.enum) {
    const names = Array.from({ length: count }, () => inner.string());
    return codec.enumeration(id, names);
  }
  const members = Array.from({ length: count }, () => [inner.string(), readTypeCode(inner, depth + 1)] as const);
  return codec.struct(id, Object.fromEntries(members) as Record<string, IdlType<unknown>>);
}

const COMPLEX: ReadonlySet<number> = new Set([
  TypeCodeKind.sequence,
  TypeCodeKind.alias,
  TypeCodeKind.enum,
  TypeCodeKind.struct,
]);

function sequenceOf(element: IdlType<unknown>): IdlType<unknown> {
  return ARRAYS.get(element) ?? codec.sequence(element);
}
