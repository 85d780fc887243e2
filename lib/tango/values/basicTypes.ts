// The basic types of Tango, by their numbers.

import * as codec from "../giop/idlTypes";
import { type ArrayClass, checkList, type Element, type ElementBody, Misfit, TangoType } from "./basicType";
import { AttrArm, DEV_STATES, type DevEncoded, devEncoded, devState, strings } from "./deviceIdl";
import { NUMBERS } from "./numberTypes";
import type { TangoEncoded } from "./tangoDatatype";

/** The basic type of that number; undefined for what is none. `labels` are the choices of an enum. */
export function elementOf(type: number, labels: readonly string[]): Element | undefined {
  const body = type === TangoType.enum ? enumElement(labels) : ELEMENTS.get(type);
  return body && { ...body, encodeList: (value) => encodeList(value, body) };
}

function encodeList(value: unknown, { array, wireArray, encode }: ElementBody): ArrayLike<unknown> {
  const list = checkList(value);
  if (array && list instanceof array) return list;
  const raw = Array.from(list, encode);
  return wireArray ? wireArray.from(raw) : raw;
}

function choiceElement(
  words: string,
  choices: readonly string[],
  type: Pick<Element, "arm" | "one" | "several" | "wireArray">,
) {
  const listed = choices.map((choice) => JSON.stringify(choice)).join(", ");
  return {
    ...type,
    words: `${words}, one of [${listed}]`,
    plural: `${words}s of [${listed}]`,
    datatypes: [choices, String],
    array: null,
    dtype: "string",
    numpy: "|S40",
    choices,
  } as const;
}

function checkChoice(value: unknown, choices: readonly string[]): number {
  const index = choices.indexOf(value as string);
  if (index < 0) throw new Misfit(`use ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`);
  return index;
}

/** On the wire an enum is a short, and only the configuration knows its labels. */
function enumElement(labels: readonly string[]): ElementBody {
  const type = {
    arm: AttrArm.short,
    one: codec.short,
    several: codec.shorts,
    wireArray: Int16Array as unknown as ArrayClass,
  };
  return {
    ...choiceElement("a choice", labels, type),
    decode: (raw) => labels[raw as number] ?? String(raw),
    encode: (value) => checkChoice(value, labels),
  };
}

const stateElement: ElementBody = {
  ...choiceElement("a state", DEV_STATES, {
    arm: AttrArm.states,
    one: devState,
    several: codec.sequence(devState),
    wireArray: null,
  }),
  decode: (raw) => raw,
  encode: (value) => DEV_STATES[checkChoice(value, DEV_STATES)],
};

const booleanElement: ElementBody = {
  words: "a switch",
  plural: "switches",
  datatypes: [Boolean],
  array: null,
  wireArray: null,
  arm: AttrArm.boolean,
  one: codec.boolean,
  several: codec.sequence(codec.boolean),
  dtype: "boolean",
  numpy: "|b1",
  decode: (raw) => raw,
  encode: (value) => {
    if (typeof value !== "boolean") throw new Misfit("use true or false");
    return value;
  },
};

const stringElement: ElementBody = {
  words: "a string",
  plural: "strings",
  datatypes: [String],
  array: null,
  wireArray: null,
  arm: AttrArm.string,
  one: codec.string,
  several: strings,
  dtype: "string",
  numpy: "|S40",
  decode: (raw) => raw,
  encode: (value) => {
    if (typeof value !== "string") throw new Misfit("use a string");
    if (/[^\x01-\xff]/u.test(value)) throw new Misfit("use characters of ISO 8859-1 only, which is what Tango sends");
    return value;
  },
};

const encodedElement: ElementBody = {
  words: "encoded data",
  plural: "encoded data",
  datatypes: [],
  array: null,
  wireArray: null,
  arm: AttrArm.encoded,
  one: devEncoded,
  several: codec.sequence(devEncoded),
  dtype: "array",
  decode: (raw): TangoEncoded => {
    const { encoded_format, encoded_data } = raw as DevEncoded;
    return { format: encoded_format, data: encoded_data };
  },
  encode: (value) => {
    const { format, data } = Object(value) as Partial<TangoEncoded>;
    if (typeof format === "string" && data instanceof Uint8Array) return { encoded_format: format, encoded_data: data };
    throw new Misfit('use { format: "...", data: new Uint8Array(...) }');
  },
};

const ELEMENTS: ReadonlyMap<number, ElementBody> = new Map<number, ElementBody>([
  ...NUMBERS,
  [TangoType.boolean, booleanElement],
  [TangoType.string, stringElement],
  [TangoType.constString, stringElement],
  [TangoType.state, stateElement],
  [TangoType.encoded, encodedElement],
]);
