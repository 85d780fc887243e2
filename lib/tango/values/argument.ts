// What a command takes and gives: one basic type, several of one, or numbers with texts.

import type { Typed } from "../giop/any";
import { type Codec, nothing } from "../giop/idlTypes";
import { type Element, Misfit, TangoType } from "./basicType";
import { elementOf } from "./basicTypes";
import { doubleStrings, longStrings } from "./deviceIdl";

/** A value of type `DevVarLongStringArray` or `DevVarDoubleStringArray`. */
export interface TangoNumbersAndStrings {
  readonly numbers: Int32Array | Float64Array;
  readonly strings: readonly string[];
}

/** The argument or result of a command. */
export interface Argument {
  /** In a sentence "takes ..." or "gives ...". */
  readonly words: string;
  /** How its type is written; the first of several that are possible. Empty where it has none. */
  readonly datatypes: readonly unknown[];
  /** @throws Misfit */
  encode(value: unknown): Typed;
  /** @param datatype what was asked for; null for what is natural. @throws Misfit */
  decode(raw: unknown, datatype: unknown): unknown;
}

/** What the number of a type (`CmdArgType`) stands for; undefined for one that is not known here. */
export function argumentOf(type: number): Argument | undefined {
  if (type === TangoType.void) return VOID;
  const several = ARRAYS.get(type);
  const element = elementOf(several ?? (type === TangoType.enum ? TangoType.short : type), []);
  if (element) return several === undefined ? oneOf(element) : severalOf(element);
  return MIXED.get(type);
}

const VOID: Argument = {
  words: "nothing",
  datatypes: [],
  encode: (value) => {
    if (value !== undefined) throw new Misfit("it takes no argument");
    return { type: nothing, value: undefined };
  },
  decode: () => undefined,
};

function oneOf(element: Element): Argument {
  return {
    words: element.words,
    datatypes: element.datatypes,
    encode: (value) => ({ type: element.one, value: element.encode(value) }),
    decode: (raw, datatype) => element.decode(raw, datatype),
  };
}

function severalOf(element: Element): Argument {
  return {
    words: `a list of ${element.plural}`,
    datatypes: element.array ? [element.array] : element.datatypes.map((datatype) => [datatype]),
    encode: (value) => ({ type: element.several, value: element.encodeList(value) }),
    decode: (raw) => (element.array ? raw : (raw as readonly unknown[]).map((one) => element.decode(one, null))),
  };
}

function mixed(
  type: Codec<unknown>,
  numbersKey: string,
  numbersOf: Element | undefined,
  stringsOf: Element | undefined,
): Argument {
  return {
    words: "numbers with texts",
    datatypes: [],
    encode: (value) => {
      const { numbers, strings } = Object(value) as Partial<TangoNumbersAndStrings>;
      if (numbers === undefined || strings === undefined) throw new Misfit("use { numbers: [...], strings: [...] }");
      return {
        type,
        value: { [numbersKey]: numbersOf?.encodeList(numbers), svalue: stringsOf?.encodeList(strings) },
      } as Typed;
    },
    decode: (raw) => {
      const { [numbersKey]: numbers, svalue: strings } = raw as Readonly<Record<string, unknown>>;
      return { numbers, strings };
    },
  };
}

/** Types of several, by the type of one. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [9, TangoType.uchar],
  [10, TangoType.short],
  [11, TangoType.long],
  [12, TangoType.float],
  [13, TangoType.double],
  [14, TangoType.ushort],
  [15, TangoType.ulong],
  [16, TangoType.string],
  [21, TangoType.boolean],
  [25, TangoType.long64],
  [26, TangoType.ulong64],
  [31, TangoType.state],
  [32, TangoType.encoded],
]);

const text = elementOf(TangoType.string, []);

const MIXED: ReadonlyMap<number, Argument> = new Map([
  [17, mixed(longStrings, "lvalue", elementOf(TangoType.long, []), text)],
  [18, mixed(doubleStrings, "dvalue", elementOf(TangoType.double, []), text)],
]);
