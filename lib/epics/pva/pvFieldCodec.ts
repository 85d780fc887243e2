/** Reads and writes the descriptions of types. */

import type { PvaReader } from "./pvaReader";
import type { PvaWriter } from "./pvaWriter";
import { type PvField, structure } from "./pvField";
import { isScalarCode, STRING } from "./pvScalar";

/** Codes that do not describe a type themselves. */
const NO_TYPE = 0xff;
const KNOWN_TYPE = 0xfe;
const NUMBERED_TYPE = 0xfd;
const TAGGED_TYPE = 0xfc;
/** Codes of composed types; the bit 0x08 makes an array of them. */
const STRUCTURE = 0x80;
const UNION = 0x81;
const ANY = 0x82;
const BOUNDED_STRING = 0x83;
const ARRAY = 0x08;
const ARRAY_KIND = 0x18;
const BOUNDED_ARRAY = 0x10;
const FIXED_ARRAY = 0x18;

/** The deepest nesting of a type; deeper ones are taken for malformed data. */
const DEEPEST = 50;

/** The types that were read last, with the bytes that describe them. */
const recent: { readonly bytes: Buffer; readonly type: PvField }[] = [];
const MOST_RECENT = 16;

/**
 * Reads the description of a PV's type, as `readField` does. A server describes all PVs of a kind in the same
 * bytes, so they share one type: this saves time and memory with thousands of PVs.
 */
export function readPvType(from: PvaReader): PvField | undefined {
  const known = recent.find(({ bytes }) => from.skip(bytes));
  if (known) return known.type;
  const start = from.at;
  const type = readField(from);
  if (!type || from.usesTypes) return type;
  recent.unshift({ bytes: Buffer.from(from.data.subarray(start, from.at)), type });
  recent.length = Math.min(recent.length, MOST_RECENT);
  return type;
}

/**
 * Reads the description of a type; undefined for "no type". Types that the server numbers are kept, since it
 * refers to them by their number later. @throws RangeError if the description is malformed.
 */
export function readField(from: PvaReader, depth = 0): PvField | undefined {
  if (depth > DEEPEST) throw new RangeError(`a type is nested more than ${DEEPEST} times`);
  const code = from.u8();
  if (code === NO_TYPE) return undefined;
  if (code === KNOWN_TYPE || code === NUMBERED_TYPE || code === TAGGED_TYPE) from.usesTypes = true;
  if (code === KNOWN_TYPE) {
    const number = from.u16();
    const known = from.types.get(number);
    if (!known) throw new RangeError(`the server refers to a type ${number} that it has not described`);
    return known;
  }
  if (code === NUMBERED_TYPE || code === TAGGED_TYPE) {
    const number = from.u16();
    if (code === TAGGED_TYPE) from.u32();
    const field = readField(from, depth + 1);
    if (field) from.types.set(number, field);
    return field;
  }
  return readPlain(code, from, depth);
}

function readPlain(code: number, from: PvaReader, depth: number): PvField {
  if (code === STRUCTURE || code === UNION) {
    const { id, fields } = readFields(from, depth);
    return code === STRUCTURE ? structure(id, fields) : { kind: "union", id, fields };
  }
  if (code === ANY) return { kind: "any" };
  if (code === (ANY | ARRAY)) return { kind: "list", of: { kind: "any" } };
  if (code === BOUNDED_STRING) {
    from.size();
    return { kind: "scalar", code: STRING };
  }
  if (code === (STRUCTURE | ARRAY) || code === (UNION | ARRAY)) {
    const of = readField(from, depth + 1);
    if (of?.kind !== "structure" && of?.kind !== "union") throw new RangeError("an array has elements of no type");
    return { kind: "list", of };
  }
  const element = code & ~ARRAY_KIND;
  if (!isScalarCode(element)) throw new RangeError(`pvAccess has no type 0x${code.toString(16)}`);
  const kind = code & ARRAY_KIND;
  if (kind === 0) return { kind: "scalar", code: element };
  if (kind === FIXED_ARRAY) return { kind: "array", code: element, fixed: from.size() };
  if (kind === BOUNDED_ARRAY) from.size();
  return { kind: "array", code: element };
}

function readFields(from: PvaReader, depth: number): { id: string; fields: ReadonlyMap<string, PvField> } {
  const id = from.text();
  const count = from.size();
  const fields = new Map<string, PvField>();
  for (let i = 0; i < count; i++) {
    const name = from.text();
    const field = readField(from, depth + 1);
    if (!field) throw new RangeError(`the field ${name} has no type`);
    if (fields.has(name)) throw new RangeError(`two fields have the name ${name}`);
    fields.set(name, field);
  }
  return { id, fields };
}

/** Writes the description of a type; undefined writes "no type". */
export function writeField(to: PvaWriter, field: PvField | undefined): void {
  if (!field) {
    to.u8(NO_TYPE);
    return;
  }
  switch (field.kind) {
    case "scalar":
      to.u8(field.code);
      return;
    case "array":
      to.u8(field.code | (field.fixed === undefined ? ARRAY : FIXED_ARRAY));
      if (field.fixed !== undefined) to.size(field.fixed);
      return;
    case "any":
      to.u8(ANY);
      return;
    case "list":
      to.u8((field.of.kind === "structure" ? STRUCTURE : field.of.kind === "union" ? UNION : ANY) | ARRAY);
      if (field.of.kind !== "any") writeField(to, field.of);
      return;
    default:
      to.u8(field.kind === "structure" ? STRUCTURE : UNION);
      to.text(field.id);
      to.size(field.fields.size);
      for (const [name, member] of field.fields) {
        to.text(name);
        writeField(to, member);
      }
  }
}
