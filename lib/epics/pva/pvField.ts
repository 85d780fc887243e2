/** The types of pvAccess ("introspection"). */

import type { ScalarCode } from "./pvScalar";

/** A single number, string or boolean. */
export interface ScalarField {
  readonly kind: "scalar";
  readonly code: ScalarCode;
}

/** An array of numbers, strings or booleans. */
export interface ArrayField {
  readonly kind: "array";
  readonly code: ScalarCode;
  /** The number of elements, if it never changes. */
  readonly fixed?: number;
}

/** A structure of named fields. */
export interface StructureField {
  readonly kind: "structure";
  /** The name of the type, for example `epics:nt/NTScalar:1.0`; empty if it has none. */
  readonly id: string;
  readonly fields: ReadonlyMap<string, PvField>;
  /** The number of bits that stand for this structure and all its fields in a bit set. */
  readonly size: number;
}

/** One of several fields, for example the data of an image in the type that the detector has. */
export interface UnionField {
  readonly kind: "union";
  readonly id: string;
  readonly fields: ReadonlyMap<string, PvField>;
}

/** A value that is sent with its type. */
export interface AnyField {
  readonly kind: "any";
}

/** An array of structures, unions or values with their types. */
export interface ListField {
  readonly kind: "list";
  readonly of: StructureField | UnionField | AnyField;
}

/** The type of a value or of a field. */
export type PvField = ScalarField | ArrayField | StructureField | UnionField | AnyField | ListField;

/** The largest number of fields that a type may have; more are taken for malformed data. */
const MOST_FIELDS = 65_536;

/** The number of bits of a field in a bit set. */
export const bitsOf = (field: PvField): number => (field.kind === "structure" ? field.size : 1);

/** Makes the description of a structure. @throws RangeError if it has too many fields. */
export function structure(id: string, fields: ReadonlyMap<string, PvField>): StructureField {
  const size = [...fields.values()].reduce((sum, field) => sum + bitsOf(field), 1);
  if (size > MOST_FIELDS) throw new RangeError(`a structure has more than ${MOST_FIELDS} fields`);
  return { kind: "structure", id, fields, size };
}
