// What one value of an attribute or a command is, between the wire and TypeScript: what every basic type of Tango tells.

import type { DataKeyBody } from "../../core/signal/signalBackend";
import type { NumberArray } from "../giop/cdr";
import type { Codec } from "../giop/idlTypes";

/** A value does not fit; the message says what to use. */
export class Misfit extends Error {
  override readonly name = "Misfit";
}

/** A basic type. `encode` throws Misfit. */
export interface Element {
  /** In a sentence "holds ...", and of several. */
  readonly words: string;
  readonly plural: string;
  /** How its type is written for a signal; the first of several that are possible. Empty where it has none. */
  readonly datatypes: readonly unknown[];
  /** The class of several of it; null where they are a list. */
  readonly array: ArrayClass | null;
  /** The same on the wire. */
  readonly wireArray: ArrayClass | null;
  /** The number of its arm in an attribute's value. */
  readonly arm: number;
  readonly one: Codec<unknown>;
  readonly several: Codec<unknown>;
  readonly dtype: DataKeyBody["dtype"];
  readonly numpy?: string;
  readonly choices?: readonly string[];
  /** @param datatype what was asked for; null for what is natural. */
  decode(raw: unknown, datatype: unknown): unknown;
  encode: (value: unknown) => unknown;
  /** Several, as `several` writes them. */
  encodeList(value: unknown): ArrayLike<unknown>;
}

/** All but what follows from it. */
export type ElementBody = Omit<Element, "encodeList">;

/** A list, or a typed array. @throws Misfit for anything else. */
export function checkList(value: unknown): ArrayLike<unknown> {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)))
    return value as ArrayLike<unknown>;
  throw new Misfit("use a list");
}

/** Tango's numbers of the types (`CmdArgType`). */
export const TangoType = {
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

export type ArrayClass = { from(list: ArrayLike<unknown>): NumberArray } & (new (length: number) => NumberArray);
