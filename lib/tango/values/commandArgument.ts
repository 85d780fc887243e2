/** The argument and the result of a command: one value, a list of values, or numbers with strings. */

import type { TypedValue } from "../giop/any";
import { type IdlType, voidType } from "../giop/idlTypes";
import { type BasicType, CmdArgType, MisfitError } from "./basicType";
import { basicTypeOf } from "./basicTypes";
import { doubleStrings, longStrings } from "./deviceIdl";

/** A value of type `DevVarLongStringArray` or `DevVarDoubleStringArray`. */
export interface TangoNumbersAndStrings {
  readonly numbers: Int32Array | Float64Array;
  readonly strings: readonly string[];
}

/** The argument or result of a command. */
export interface CommandArgument {
  /** Completes the sentences "takes ..." and "gives ...". */
  readonly words: string;
  /** The datatypes that fit it, the recommended one first. Empty if no datatype stands for it. */
  readonly datatypes: readonly unknown[];
  /** The value with its type on the wire. @throws MisfitError for values that do not fit. */
  encode(value: unknown): TypedValue;
  /**
   * The value in TypeScript.
   *
   * @param datatype the one that the user asked for; null for the recommended one.
   * @throws MisfitError if the value cannot be given in that datatype.
   */
  decode(raw: unknown, datatype: unknown): unknown;
}

/** The argument or result with this number of `CmdArgType`; undefined if the number is unknown. */
export function commandArgumentOf(type: number): CommandArgument | undefined {
  if (type === CmdArgType.void) return VOID;
  const several = ARRAYS.get(type);
  const element = basicTypeOf(several ?? (type === CmdArgType.enum ? CmdArgType.short : type), []);
  if (element) return several === undefined ? oneOf(element) : severalOf(element);
  return MIXED.get(type);
}

const VOID: CommandArgument = {
  words: "nothing",
  datatypes: [],
  encode: (value) => {
    if (value !== undefined) throw new MisfitError("the command takes no argument");
    return { type: voidType, value: undefined };
  },
  decode: () => undefined,
};

function oneOf(element: BasicType): CommandArgument {
  return {
    words: element.words,
    datatypes: element.datatypes,
    encode: (value) => ({ type: element.one, value: element.encode(value) }),
    decode: (raw, datatype) => element.decode(raw, datatype),
  };
}

function severalOf(element: BasicType): CommandArgument {
  return {
    words: `a list of ${element.plural}`,
    datatypes: element.array ? [element.array] : element.datatypes.map((datatype) => [datatype]),
    encode: (value) => ({ type: element.several, value: element.encodeList(value) }),
    decode: (raw) => (element.array ? raw : (raw as readonly unknown[]).map((one) => element.decode(one, null))),
  };
}

function mixed(
  type: IdlType<unknown>,
  numbersKey: string,
  numbersOf: BasicType | undefined,
  stringsOf: BasicType | undefined,
): CommandArgument {
  return {
    words: "numbers with strings",
    datatypes: [],
    encode: (value) => {
      const { numbers, strings } = Object(value) as Partial<TangoNumbersAndStrings>;
      if (numbers === undefined || strings === undefined)
        throw new MisfitError("use { numbers: [...], strings: [...] }");
      return {
        type,
        value: { [numbersKey]: numbersOf?.encodeList(numbers), svalue: stringsOf?.encodeList(strings) },
      } as TypedValue;
    },
    decode: (raw) => {
      const { [numbersKey]: numbers, svalue: strings } = raw as Readonly<Record<string, unknown>>;
      return { numbers, strings };
    },
  };
}

/** The array types of `CmdArgType`, with the basic type of their elements. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [9, CmdArgType.uchar],
  [10, CmdArgType.short],
  [11, CmdArgType.long],
  [12, CmdArgType.float],
  [13, CmdArgType.double],
  [14, CmdArgType.ushort],
  [15, CmdArgType.ulong],
  [16, CmdArgType.string],
  [21, CmdArgType.boolean],
  [25, CmdArgType.long64],
  [26, CmdArgType.ulong64],
  [31, CmdArgType.state],
  [32, CmdArgType.encoded],
]);

const stringType = basicTypeOf(CmdArgType.string, []);

/** `DevVarLongStringArray` and `DevVarDoubleStringArray`. */
const MIXED: ReadonlyMap<number, CommandArgument> = new Map([
  [17, mixed(longStrings, "lvalue", basicTypeOf(CmdArgType.long, []), stringType)],
  [18, mixed(doubleStrings, "dvalue", basicTypeOf(CmdArgType.double, []), stringType)],
]);
