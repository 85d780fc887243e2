// The types of IDL as values that read and write: an interface is written down as data, and TypeScript infers what it holds.

import type { CdrReader, CdrWriter, NumberArray, NumberArrayClass } from "./cdr";

/** One type of IDL. */
export interface Codec<T> {
  /** Bytes that a value takes at least. */
  readonly minSize: number;
  read(from: CdrReader): T;
  write(to: CdrWriter, value: T): void;
  /** Writes the type itself, for an `any`. */
  writeType(to: CdrWriter): void;
}

/** The value of a codec. */
export type ValueOf<C> = C extends Codec<infer T> ? T : never;

/** Numbers of the kinds of type (CORBA 3.3 part 1, section 8.11.1). */
export const TypeKind = {
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

function primitive<K extends Primitive | BigPrimitive>(kind: K, minSize: number): Codec<ReturnType<CdrReader[K]>> {
  return {
    minSize,
    read: (from) => from[kind]() as ReturnType<CdrReader[K]>,
    write: (to, value) => (to[kind] as (value: unknown) => void)(value),
    writeType: (to) => to.unsignedLong(TypeKind[kind]),
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

export const string: Codec<string> = {
  minSize: 4,
  read: (from) => from.string(),
  write: (to, value) => to.string(value),
  writeType: (to) => {
    to.unsignedLong(TypeKind.string);
    to.unsignedLong(0);
  },
};

/** No value at all. */
export const nothing: Codec<undefined> = {
  minSize: 0,
  read: () => undefined,
  write: () => {},
  writeType: (to) => to.unsignedLong(TypeKind.void),
};

export function sequence<T>(element: Codec<T>): Codec<readonly T[]> {
  return {
    minSize: 4,
    read: (from) => Array.from({ length: from.count(element.minSize) }, () => element.read(from)),
    write: (to, values) => {
      to.unsignedLong(values.length);
      for (const value of values) element.write(to, value);
    },
    writeType: (to) => writeSequenceType(to, element),
  };
}

/** Their types are written out since stock tslab's TypeScript 5.0 knows no `Uint8Array<ArrayBuffer>`. */
function numbers<A extends NumberArray>(element: Codec<unknown>, type: NumberArrayClass<A>): Codec<A> {
  return {
    minSize: 4,
    read: (from) => from.numbers(type),
    write: (to, value) => to.numbers(value),
    writeType: (to) => writeSequenceType(to, element),
  };
}

export const octets: Codec<Uint8Array> = numbers(octet, Uint8Array);
export const shorts: Codec<Int16Array> = numbers(short, Int16Array);
export const unsignedShorts: Codec<Uint16Array> = numbers(unsignedShort, Uint16Array);
export const longs: Codec<Int32Array> = numbers(long, Int32Array);
export const unsignedLongs: Codec<Uint32Array> = numbers(unsignedLong, Uint32Array);
export const longLongs: Codec<BigInt64Array> = numbers(longLong, BigInt64Array);
export const unsignedLongLongs: Codec<BigUint64Array> = numbers(unsignedLongLong, BigUint64Array);
export const floats: Codec<Float32Array> = numbers(float, Float32Array);
export const doubles: Codec<Float64Array> = numbers(double, Float64Array);

/** Read and written in the order of `fields`. */
export function struct<F extends Readonly<Record<string, Codec<unknown>>>>(
  id: string,
  fields: F,
): Codec<{ readonly [K in keyof F]: ValueOf<F[K]> }> {
  const entries = Object.entries(fields);
  type Value = { readonly [K in keyof F]: ValueOf<F[K]> };
  return {
    minSize: entries.reduce((sum, [, { minSize }]) => sum + minSize, 0),
    read: (from) => Object.fromEntries(entries.map(([name, codec]) => [name, codec.read(from)])) as Value,
    write: (to, value) => {
      for (const [name, codec] of entries) codec.write(to, value[name]);
    },
    writeType: (to) => {
      to.unsignedLong(TypeKind.struct);
      to.encapsulation((inner) => {
        writeNames(inner, id);
        inner.unsignedLong(entries.length);
        for (const [name, codec] of entries) {
          inner.string(name);
          codec.writeType(inner);
        }
      });
    },
  };
}

/** A choice, as its name. */
export function enumeration<const N extends string>(id: string, names: readonly N[]): Codec<N> {
  return {
    minSize: 4,
    read: (from) => {
      const index = from.unsignedLong();
      const name = names[index];
      if (name === undefined) throw new RangeError(`${index} is none of ${names.join(", ")}`);
      return name;
    },
    write: (to, value) => to.unsignedLong(names.indexOf(value)),
    writeType: (to) => {
      to.unsignedLong(TypeKind.enum);
      to.encapsulation((inner) => {
        writeNames(inner, id);
        inner.unsignedLong(names.length);
        for (const name of names) inner.string(name);
      });
    },
  };
}

/** One of several types, told by its place in `arms`. Not for an `any`. */
export function union<T>(arms: readonly Codec<T>[]): Codec<{ readonly arm: number; readonly value: T }> {
  const armAt = (index: number): Codec<T> => {
    const arm = arms[index];
    if (!arm) throw new RangeError(`a union of ${arms.length} has no type ${index}`);
    return arm;
  };
  return {
    minSize: 4,
    read: (from) => {
      const arm = from.unsignedLong();
      return { arm, value: armAt(arm).read(from) };
    },
    write: (to, { arm, value }) => {
      to.unsignedLong(arm);
      armAt(arm).write(to, value);
    },
    writeType: () => {
      throw new RangeError("unions are not sent as any");
    },
  };
}

function writeSequenceType(to: CdrWriter, element: Codec<unknown>): void {
  to.unsignedLong(TypeKind.sequence);
  to.encapsulation((inner) => {
    element.writeType(inner);
    inner.unsignedLong(0);
  });
}

/** The repository id and the name in it: `IDL:Tango/DevState:1.0` is DevState. */
function writeNames(to: CdrWriter, id: string): void {
  to.string(id);
  to.string(/([^/:]+):[^:]*$/.exec(id)?.[1] ?? "");
}
