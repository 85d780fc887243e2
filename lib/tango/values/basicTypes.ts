/**
 * The table of Tango's basic types, with the conversion and the description of the values of each.
 */

import * as codec from "../giop/idlTypes";
import { type ArrayClass, type BasicType, type BasicTypeParts, CmdArgType, checkList, MisfitError } from "./basicType";
import { AttributeDataType, DEV_STATES, type DevEncoded, devEncoded, devState, stringList } from "./deviceIdl";
import { NUMBER_TYPES } from "./numberTypes";
import type { TangoEncoded } from "./tangoDatatype";

/**
 * The basic type with this number of `CmdArgType`; undefined if there is none. `labels` are the choices of an
 * enum.
 */
export function basicTypeOf(type: number, labels: readonly string[]): BasicType | undefined {
  const body = type === CmdArgType.enum ? enumType(labels) : BASIC_TYPES.get(type);
  return body && { ...body, encodeList: (value) => encodeList(value, body) };
}

function encodeList(value: unknown, { array, wireArray, encode }: BasicTypeParts): ArrayLike<unknown> {
  const list = checkList(value);
  if (array && list instanceof array) return list;
  const raw = Array.from(list, encode);
  return wireArray ? wireArray.from(raw) : raw;
}

function choiceType(
  words: string,
  choices: readonly string[],
  type: Pick<BasicType, "dataType" | "one" | "several" | "wireArray">,
) {
  const listed = choices.map((choice) => JSON.stringify(choice)).join(", ");
  return {
    ...type,
    words: `${words}, one of [${listed}]`,
    plural: `${words}s of [${listed}]`,
    datatypes: [choices, String],
    dtype: "string",
    numpy: "|S40",
    choices,
  } as const;
}

function checkChoice(value: unknown, choices: readonly string[]): number {
  const index = choices.indexOf(value as string);
  if (index < 0) throw new MisfitError(`use ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
  return index;
}

/** An enum; on the wire it is a short, and only the configuration of the attribute knows its labels. */
function enumType(labels: readonly string[]): BasicTypeParts {
  const type = {
    dataType: AttributeDataType.short,
    one: codec.short,
    several: codec.shorts,
    // `from` of a typed array accepts only numbers, and here receives the numbers of the labels.
    wireArray: Int16Array as unknown as ArrayClass,
  };
  return {
    ...choiceType("a choice", labels, type),
    decode: (raw) => labels[raw as number] ?? String(raw),
    encode: (value) => checkChoice(value, labels),
  };
}

const stateType: BasicTypeParts = {
  ...choiceType("a state", DEV_STATES, {
    dataType: AttributeDataType.states,
    one: devState,
    several: codec.sequence(devState),
  }),
  decode: (raw) => raw,
  encode: (value) => DEV_STATES[checkChoice(value, DEV_STATES)],
};

const booleanType: BasicTypeParts = {
  words: "a switch",
  plural: "switches",
  datatypes: [Boolean],
  dataType: AttributeDataType.boolean,
  one: codec.boolean,
  several: codec.sequence(codec.boolean),
  dtype: "boolean",
  numpy: "|b1",
  decode: (raw) => raw,
  encode: (value) => {
    if (typeof value !== "boolean") throw new MisfitError("use true or false");
    return value;
  },
};

const stringType: BasicTypeParts = {
  words: "a string",
  plural: "strings",
  datatypes: [String],
  dataType: AttributeDataType.string,
  one: codec.string,
  several: stringList,
  dtype: "string",
  numpy: "|S40",
  decode: (raw) => raw,
  encode: (value) => {
    if (typeof value !== "string") throw new MisfitError("use a string");
    if (value.includes("\0")) throw new MisfitError("leave out characters of code 0, which end a text in Tango");
    if (/[^\x01-\xff]/u.test(value))
      throw new MisfitError("use characters of ISO 8859-1 only, which is what Tango sends");
    return value;
  },
};

/** Encoded data in the form that users get. */
export const encodedOf = ({ encoded_format, encoded_data }: DevEncoded): TangoEncoded => ({
  format: encoded_format,
  data: encoded_data,
});

const encodedType: BasicTypeParts = {
  words: "encoded data",
  plural: "encoded data",
  datatypes: [],
  dataType: AttributeDataType.encoded,
  one: devEncoded,
  several: codec.sequence(devEncoded),
  dtype: "array",
  decode: (raw) => encodedOf(raw as DevEncoded),
  encode: (value) => {
    const { format, data } = Object(value) as Partial<TangoEncoded>;
    if (typeof format === "string" && data instanceof Uint8Array)
      return { encoded_format: stringType.encode(format), encoded_data: data };
    throw new MisfitError('use { format: "...", data: new Uint8Array(...) }');
  },
};

const BASIC_TYPES: ReadonlyMap<number, BasicTypeParts> = new Map<number, BasicTypeParts>([
  ...NUMBER_TYPES,
  [CmdArgType.boolean, booleanType],
  [CmdArgType.string, stringType],
  [CmdArgType.constString, stringType],
  [CmdArgType.state, stateType],
  [CmdArgType.encoded, encodedType],
]);
