/** A write to a PV: some fields of its structure, with their new values. */

import { EpicsError } from "../epicsError";
import { BitSet } from "./bitSet";
import type { PvaWriter } from "./pvaWriter";
import { writeValue } from "./pvData";
import { bitsOf, type PvField, type StructureField } from "./pvField";

/** The fields that change, and the function that writes their values in the order of the structure. */
export interface PvWrite {
  readonly changed: BitSet;
  readonly write: (to: PvaWriter) => void;
}

/** Values by the paths of their fields, for example `value` or `value.index`. */
export type FieldValues = ReadonlyMap<string, unknown>;

/** Makes the write of these values to the PV `name`. @throws EpicsError if the structure lacks a field. */
export function pvWrite(type: StructureField, values: FieldValues, name: string): PvWrite {
  const found = [...values].map(([path, value]) => ({ ...locate(type, path, name), value }));
  found.sort((one, other) => one.bit - other.bit);
  const changed = new BitSet();
  for (const { bit } of found) changed.add(bit);
  return {
    changed,
    write: (to) => {
      for (const { field, value } of found) writeValue(to, field, value);
    },
  };
}

function locate(type: StructureField, path: string, name: string): { readonly field: PvField; readonly bit: number } {
  let field: PvField = type;
  let bit = 0;
  for (const part of path.split(".")) {
    if (field.kind !== "structure") throw missing(path, name);
    bit += 1;
    for (const [key, member] of field.fields) {
      if (key === part) break;
      bit += bitsOf(member);
    }
    const next: PvField | undefined = field.fields.get(part);
    if (!next) throw missing(path, name);
    field = next;
  }
  return { field, bit };
}

const missing = (path: string, name: string): EpicsError =>
  new EpicsError(`cannot set ${name}: its structure has no field ${path}`);
