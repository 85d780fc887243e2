/**
 * The values of pvAccess as TypeScript values: a structure is an object, an array of numbers a typed array, a
 * union the value of its present field (undefined if it has none).
 */

import type { BitSet } from "./bitSet";
import type { PvaReader } from "./pvaReader";
import type { PvaWriter } from "./pvaWriter";
import { bitsOf, type ListField, type PvField, type StructureField, structure, type UnionField } from "./pvField";
import { readField, writeField } from "./pvFieldCodec";
import { BOOLEAN, codeOfArray, type PvArray, SCALARS, type ScalarCode, STRING } from "./pvScalar";

/** The value of a structure. */
export type PvStructure = Readonly<Record<string, unknown>>;

/** The deepest nesting of values that are sent with their types. */
const DEEPEST = 50;

/** Reads a whole value. @throws RangeError if the message is malformed. */
export function readValue(from: PvaReader, field: PvField, depth = 0): unknown {
  if (depth > DEEPEST) throw new RangeError(`a value is nested more than ${DEEPEST} times`);
  from.countValue();
  switch (field.kind) {
    case "scalar":
      return readScalar(from, field.code);
    case "array":
      return readArray(from, field.code, field.fixed ?? from.size());
    case "structure":
      return readStructure(from, field, depth);
    case "union": {
      const selected = from.optionalSize();
      if (selected === undefined) return undefined;
      const chosen = [...field.fields.values()][selected];
      if (!chosen) throw new RangeError(`a union has no field ${selected}`);
      return readValue(from, chosen, depth + 1);
    }
    case "any": {
      const own = readField(from);
      return own && readValue(from, own, depth + 1);
    }
    case "list":
      return readList(from, field, depth);
  }
}

function readScalar(from: PvaReader, code: ScalarCode): unknown {
  if (code === BOOLEAN) return from.u8() !== 0;
  return code === STRING ? from.text() : from.number(code);
}

function readArray(from: PvaReader, code: ScalarCode, count: number): unknown {
  if (code !== BOOLEAN && code !== STRING) return from.numbers(code, count);
  // Each element has at least one byte, so that a wrong count cannot make a large array.
  if (count > from.remaining) throw new RangeError(`the server announced ${count} elements and sent fewer`);
  return Array.from({ length: count }, () => readScalar(from, code));
}

function readStructure(from: PvaReader, { fields }: StructureField, depth: number): PvStructure {
  const value: Record<string, unknown> = {};
  for (const [name, field] of fields) put(value, name, readValue(from, field, depth + 1));
  return value;
}

/** A name is data: `__proto__` must be a field like any other. */
function put(value: Record<string, unknown>, name: string, member: unknown): void {
  if (name !== "__proto__") value[name] = member;
  else Object.defineProperty(value, name, { value: member, enumerable: true, configurable: true, writable: true });
}

function readList(from: PvaReader, { of }: ListField, depth: number): unknown[] {
  const count = from.size();
  if (count > from.remaining) throw new RangeError(`the server announced ${count} elements and sent fewer`);
  return Array.from({ length: count }, () => (from.u8() === 0 ? undefined : readValue(from, of, depth + 1)));
}

/** Reads the fields that have changed; the others are those of `before`. */
export function readChanges(from: PvaReader, field: PvField, changed: BitSet, before: unknown, bit = 0): unknown {
  if (changed.has(bit)) return readValue(from, field);
  const end = bit + bitsOf(field);
  if (field.kind !== "structure" || !changed.hasAny(bit + 1, end)) return before;
  const value: Record<string, unknown> = { ...(before as PvStructure | undefined) };
  let next = bit + 1;
  for (const [name, member] of field.fields) {
    put(value, name, readChanges(from, member, changed, value[name], next));
    next += bitsOf(member);
  }
  return value;
}

/** The value of a field that was never set: servers do not send such fields. */
function unsetValue(field: PvField): unknown {
  switch (field.kind) {
    case "scalar":
      return field.code === BOOLEAN ? false : field.code === STRING ? "" : 0;
    case "array":
      return field.code === BOOLEAN || field.code === STRING ? [] : SCALARS[field.code].array.from([]);
    case "structure":
      return unsetStructure(field);
    case "list":
      return [];
    default:
      return undefined;
  }
}

const unsetStructures = new WeakMap<StructureField, PvStructure>();

/** The structure before any of its fields was set; PVs of one type share it. */
export function unsetStructure(type: StructureField): PvStructure {
  const known = unsetStructures.get(type);
  if (known) return known;
  const value: Record<string, unknown> = {};
  for (const [name, field] of type.fields) put(value, name, unsetValue(field));
  unsetStructures.set(type, value);
  return value;
}

/** Writes a whole value. Missing fields of a structure are written as 0, "" or empty. */
export function writeValue(to: PvaWriter, field: PvField, value: unknown): void {
  switch (field.kind) {
    case "scalar":
      writeScalar(to, field.code, value);
      return;
    case "array":
      writeArray(to, field.code, value, field.fixed);
      return;
    case "structure":
      for (const [name, member] of field.fields) writeValue(to, member, (value as PvStructure | undefined)?.[name]);
      return;
    case "union": {
      const selected = value === undefined ? -1 : fieldOfUnion(field, value);
      const member = [...field.fields.values()][selected];
      to.size(member ? selected : undefined);
      if (member) writeValue(to, member, value);
      return;
    }
    case "any": {
      const own = fieldFor(value);
      writeField(to, own);
      if (own) writeValue(to, own, value);
      return;
    }
    case "list": {
      const list = (value ?? []) as readonly unknown[];
      to.size(list.length);
      for (const element of list) {
        to.u8(element === undefined ? 0 : 1);
        if (element !== undefined) writeValue(to, field.of, element);
      }
    }
  }
}

function writeScalar(to: PvaWriter, code: ScalarCode, value: unknown): void {
  if (code === BOOLEAN) to.u8(value ? 1 : 0);
  else if (code === STRING) to.text(value === undefined ? "" : String(value));
  else to.number(code, (value ?? 0) as number | bigint);
}

function writeArray(to: PvaWriter, code: ScalarCode, value: unknown, fixed: number | undefined): void {
  const list = (value ?? []) as ArrayLike<unknown>;
  const length = fixed ?? list.length;
  if (fixed === undefined) to.size(length);
  if (code !== BOOLEAN && code !== STRING && length === list.length) {
    const { array } = SCALARS[code];
    to.numbers(code, value instanceof array ? (value as PvArray) : array.from(list));
    return;
  }
  for (let i = 0; i < length; i++) writeScalar(to, code, list[i]);
}

/**
 * Which field of a union a value is written as: the one of its own type, or the first one that can hold it;
 * -1 if none can.
 */
export function fieldOfUnion({ fields }: UnionField, value: unknown): number {
  const members = [...fields.values()];
  const own = fieldFor(value);
  const exact = members.findIndex(
    (member) => own !== undefined && member.kind === own.kind && codeOf(member) === codeOf(own),
  );
  return exact >= 0 ? exact : members.findIndex((member) => member.kind === "any" || holdsNumber(member, value));
}

const codeOf = (field: PvField): ScalarCode | undefined =>
  field.kind === "scalar" || field.kind === "array" ? field.code : undefined;

function holdsNumber(field: PvField, value: unknown): boolean {
  if (field.kind !== "scalar" || field.code === BOOLEAN || field.code === STRING) return false;
  const { range } = SCALARS[field.code];
  if (!range) return typeof value === "number";
  const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  return isWhole && value >= range[0] && value <= range[1];
}

/** The type in which a value is sent that has no type: numbers are doubles, whole bigints longs. */
export function fieldFor(value: unknown): PvField | undefined {
  const code = codeOfArray(value);
  if (code !== undefined) return { kind: "array", code };
  if (typeof value === "number") return { kind: "scalar", code: 0x43 };
  if (typeof value === "bigint") return { kind: "scalar", code: 0x23 };
  if (typeof value === "boolean") return { kind: "scalar", code: BOOLEAN };
  if (typeof value === "string") return { kind: "scalar", code: STRING };
  if (Array.isArray(value)) return listFieldFor(value);
  if (typeof value !== "object" || value === null) return undefined;
  const members = Object.entries(value).flatMap(([name, member]): [string, PvField][] => {
    const field = fieldFor(member);
    return field ? [[name, field]] : [];
  });
  return structure("", new Map(members));
}

function listFieldFor(list: readonly unknown[]): PvField {
  const element = list.length > 0 ? fieldFor(list[0]) : undefined;
  const same = element?.kind === "scalar" && list.every((each) => typeof each === typeof list[0]);
  return same ? { kind: "array", code: element.code } : { kind: "list", of: { kind: "any" } };
}
