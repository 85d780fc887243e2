/**
 * The interface of the basic types of Tango: how their values are written on the wire, in TypeScript and in
 * data keys.
 */

import { ClearError } from "../../clearError";
import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { CdrNumbers } from "../giop/cdr";
import type { IdlType } from "../giop/idlTypes";

/** A value does not fit its type. The message says what to use instead; the caller adds the name. */
export class MisfitError extends ClearError {
  override readonly name = "MisfitError";
}

/** A basic type of Tango, such as `DevDouble`. */
export interface BasicType {
  /** Completes the sentence "holds ...". */
  readonly words: string;
  /** Completes the sentence "holds ..." for several values. */
  readonly plural: string;
  /** The datatypes that fit it, the recommended one first. Empty if no datatype stands for it. */
  readonly datatypes: readonly unknown[];
  /** The class of an array of such values; absent if it is a list. */
  readonly array?: ArrayClass;
  /** The class of an array of the values on the wire; absent if it is a list. */
  readonly wireArray?: ArrayClass;
  /** Its discriminator in the value of an attribute, see `AttributeDataType`. */
  readonly dataType: number;
  /** The IDL type of one value. */
  readonly one: IdlType<unknown>;
  /** The IDL type of several values. */
  readonly several: IdlType<unknown>;
  readonly dtype: DataKeyBody["dtype"];
  readonly numpy?: string;
  readonly choices?: readonly string[];
  /**
   * The value in TypeScript.
   *
   * @param datatype the one that the user asked for; null for the recommended one.
   * @throws MisfitError if the value cannot be given in that datatype.
   */
  decode(raw: unknown, datatype: unknown): unknown;
  /** The value on the wire. Throws MisfitError for other values. */
  encode: (value: unknown) => unknown;
  /** Several values, as `several` writes them. Throws MisfitError for other values. */
  encodeList(value: unknown): ArrayLike<unknown>;
}

/** A basic type without `encodeList`, which follows from the rest. */
export type BasicTypeParts = Omit<BasicType, "encodeList">;

/** Returns the value if it is a list or a typed array. @throws MisfitError for anything else. */
export function checkList(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
    return value as ArrayLike<unknown>;
  throw new MisfitError("use a list");
}

/** Tango's numbers of the types of values. */
export const CmdArgType = {
  void: 0,
  boolean: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  ushort: 6,
  ulong: 7,
  string: 8,
  state: 19,
  constString: 20,
  uchar: 22,
  long64: 23,
  ulong64: 24,
  encoded: 28,
  enum: 29,
} as const;

/** The constructor of a typed array. */
export type ArrayClass = { from(list: ArrayLike<unknown>): CdrNumbers } & (new (length: number) => CdrNumbers);
