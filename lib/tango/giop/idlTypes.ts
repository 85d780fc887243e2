/**
 * The types of CORBA's IDL as values that read and write: an interface is written down as data, and
 * TypeScript infers its types.
 */

import type { TypedArrayClass } from "../../numbersIn";
import type { CdrNumbers, CdrReader, CdrWriter } from "./cdr";

/** A type of IDL: reads and writes its values. */
export interface IdlType<T> {
  /** The least number of bytes that a value takes. */
  readonly minSize: number;
  read(from: CdrReader): T;
  write(to: CdrWriter, value: T): void;
  /** Writes the type itself (its TypeCode), as an `any` contains it. */
  writeTypeCode(to: CdrWriter): void;
}

/** The TypeScript type of the values of an IDL type. */
export type IdlValue<C> = C extends IdlType<infer T> ? T : never;

/** The numbers of the kinds of TypeCode, CORBA's `TCKind` (CORBA 3.3 part 1, section 8.11.1). */
export const TypeCodeKind = {
  null: 0,
  void: 1,
  short: 2,
  long: 3,
  unsignedShort: 4,
  unsignedLong: 5,
  float: 6,
  double: 7,
  boolean: 8,
  octet: 10,
  struct: 15,
  enum: 17,
  string: 18,
  sequence: 19,
  alias: 21,
  longLong: 23,
  unsignedLongLong: 24,
} as const;

type Primitive = "boolean" | "octet" | "short" | "unsignedShort" | "long" | "unsignedLong" | "float" | "double";
type BigPrimitive = "longLong" | "unsignedLongLong";

function primitive<K extends Primitive | BigPrimitive>(kind: K, minSize: number): IdlType<ReturnType<CdrReader[K]>> {
  return {
    minSize,
    read: (from) => from[kind]() as ReturnType<CdrReader[K]>,
    write: (to, value) => (to[kind] as (value: unknown) => void)(value),
    writeTypeCode: (to) => to.unsignedLong(TypeCodeKind[kind]),
  };
}

export const boolean = primitive("boolean", 1);
export const octet = primitive("octet", 1);
export const short = primitive("short", 2);
export const unsignedShort = primitive("unsignedShort", 2);
export const long = primitive("long", 4);
export const unsignedLong = primitive("unsignedLong", 4);
export const longLong = primitive("longLong", 8);
export const unsignedLongLong = primitive("unsignedLongLong", 8);
export const float = primitive("float", 4);
export const double = primitive("double", 8);

export const string: IdlType<string> = {
  minSize: 4,
  read: (from) => from.string(),
  write: (to, value) => to.string(value),
  writeTypeCode: (to) => {
    to.unsignedLong(TypeCodeKind.string);
    to.unsignedLong(0);
  },
};

/** `void`, which has no value. */
export const voidType: IdlType<undefined> = {
  minSize: 0,
  read: () => undefined,
  write: () => {},
  writeTypeCode: (to) => to.unsignedLong(TypeCodeKind.void),
};

export function sequence<T>(element: IdlType<T>): IdlType<readonly T[]> {
  return {
    minSize: 4,
    read: (from) => {
      const values: T[] = [];
      for (let left = from.count(element.minSize); left > 0; left--) values.push(element.read(from));
      return values;
    },
    write: (to, values) => {
      to.unsignedLong(values.length);
      for (const value of values) element.write(to, value);
    },
    writeTypeCode: (to) => writeSequenceTypeCode(to, element),
  };
}

/**
 * A sequence of numbers as a typed array. The constants below state their types, because the inferred
 * `Uint8Array<ArrayBuffer>` does not exist in the TypeScript 5.0 of stock tslab.
 */
function numbers<A extends CdrNumbers>(element: IdlType<unknown>, type: TypedArrayClass<A>): IdlType<A> {
  return {
    minSize: 4,
    read: (from) => from.numbers(type),
    write: (to, value) => to.numbers(value),
    writeTypeCode: (to) => writeSequenceTypeCode(to, element),
  };
}

export const octets: IdlType<Uint8Array> = numbers(octet, Uint8Array);
export const shorts: IdlType<Int16Array> = numbers(short, Int16Array);
export const unsignedShorts: IdlType<Uint16Array> = numbers(unsignedShort, Uint16Array);
export const longs: IdlType<Int32Array> = numbers(long, Int32Array);
export const unsignedLongs: IdlType<Uint32Array> = numbers(unsignedLong, Uint32Array);
export const longLongs: IdlType<BigInt64Array> = numbers(longLong, BigInt64Array);
export const unsignedLongLongs: IdlType<BigUint64Array> = numbers(unsignedLongLong, BigUint64Array);
export const floats: IdlType<Float32Array> = numbers(float, Float32Array);
export const doubles: IdlType<Float64Array> = numbers(double, Float64Array);

/** A struct; its members are read and written in the order of `fields`. */
export function struct<F extends Readonly<Record<string, IdlType<unknown>>>>(
  id: string,
  fields: F,
): IdlType<{ readonly [K in keyof F]: IdlValue<F[K]> }> {
  const entries = Object.entries(fields);
  type Value = { readonly [K in keyof F]: IdlValue<F[K]> };
  return {
    minSize: entries.reduce((sum, [, { minSize }]) => sum + minSize, 0),
    read: (from) => {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(from);
      return value as Value;
    },
    write: (to, value) => {
      for (const [name, codec] of entries) codec.write(to, value[name]);
    },
    writeTypeCode: (to) => {
      to.unsignedLong(TypeCodeKind.struct);
      to.encapsulation((inner) => {
        writeNames(inner, id);
        inner.unsignedLong(entries.length);
        for (const [name, codec] of entries) {
          inner.string(name);
          codec.writeTypeCode(inner);
        }
      });
    },
  };
}

/** An enumeration, whose values are their names. */
export function enumeration<const N extends string>(id: string, names: readonly N[]): IdlType<N> {
  return {
    minSize: 4,
    read: (from) => {
      const index = from.unsignedLong();
      const name = names[index];
      if (name === undefined) throw new RangeError(`an enumeration of ${names.join(", ")} has no value ${index}`);
      return name;
    },
    write: (to, value) => to.unsignedLong(names.indexOf(value)),
    writeTypeCode: (to) => {
      to.unsignedLong(TypeCodeKind.enum);
      to.encapsulation((inner) => {
        writeNames(inner, id);
        inner.unsignedLong(names.length);
        for (const name of names) inner.string(name);
      });
    },
  };
}

/**
 * A union: `discriminator` is the index of the value's type in `members`. Unions cannot be sent as an `any`.
 */
export function union<T>(
  members: readonly IdlType<T>[],
): IdlType<{ readonly discriminator: number; readonly value: T }> {
  const memberAt = (discriminator: number): IdlType<T> => {
    const member = members[discriminator];
    if (!member) throw new RangeError(`a union of ${members.length} types has no discriminator ${discriminator}`);
    return member;
  };
  return {
    minSize: 4,
    read: (from) => {
      const discriminator = from.unsignedLong();
      return { discriminator, value: memberAt(discriminator).read(from) };
    },
    write: (to, { discriminator, value }) => {
      to.unsignedLong(discriminator);
      memberAt(discriminator).write(to, value);
    },
    writeTypeCode: () => {
      throw new RangeError("a union cannot be sent as an any");
    },
  };
}

function writeSequenceTypeCode(to: CdrWriter, element: IdlType<unknown>): void {
  to.unsignedLong(TypeCodeKind.sequence);
  to.encapsulation((inner) => {
    element.writeTypeCode(inner);
    inner.unsignedLong(0);
  });
}

/** Writes the repository id and the name that it contains: `IDL:Tango/DevState:1.0` contains `DevState`. */
function writeNames(to: CdrWriter, id: string): void {
  to.string(id);
  to.string(/([^/:]+):[^:]*$/.exec(id)?.[1] ?? "");
}
