/** The accessibles that the spec predefines (SECoP 1.0 to 2.0), and its demands on them. */

// All other names begin with "_".

import type { Datainfo } from "../../values/datainfo";
import type { Accessible } from "../accessible";

/** A demand on the type of a value: a test, and the words for it. */
interface Type {
  readonly words: string;
  fits(info: Datainfo): boolean;
}

/** The demands on a parameter. */
interface PredefinedParameter {
  readonly kind: "parameter";
  /** The type of its value; undefined if any type is allowed. */
  readonly type?: Type;
  /** Whether it is read-only; undefined if both are allowed. */
  readonly readonly?: boolean;
}

/** The demands on a command. */
interface PredefinedCommand {
  readonly kind: "command";
  /** Whether it takes no argument and gives no result. */
  readonly bare?: boolean;
  readonly result?: Type;
}

const number: Type = {
  words: "a number",
  fits: ({ type }) => type === "double" || type === "int" || type === "scaled",
};
const double: Type = { words: "a double", fits: ({ type }) => type === "double" };
const bool: Type = { words: "a bool", fits: ({ type }) => type === "bool" };
const enumeration: Type = { words: "an enum", fits: ({ type }) => type === "enum" };
const matrix: Type = { words: "a matrix", fits: ({ type }) => type === "matrix" };
const status: Type = {
  words: "a tuple of an enum of status codes (0 to 499) and a string",
  fits: (info) => {
    const [codes, text] = info.type === "tuple" && info.members.length === 2 ? info.members : [];
    return (
      codes?.type === "enum" && text?.type === "string" && Object.values(codes.members).every((c) => c >= 0 && c < 500)
    );
  },
};
const interval: Type = {
  words: "a tuple of two numbers",
  fits: (info) => isPair(info, number.fits),
};
const region: Type = {
  words: "an array of tuples of two ints",
  fits: (info) => info.type === "array" && isPair(info.members, ({ type }) => type === "int"),
};
const controller: Type = {
  words: "an enum in which self is 0",
  fits: (info) => info.type === "enum" && Object.hasOwn(info.members, "self") && info.members.self === 0,
};
/** A bool in the text of the spec, an enum in its schemata. */
const onOff: Type = {
  words: "a bool, or an enum of 0 and 1",
  fits: (info) =>
    info.type === "bool" ||
    (info.type === "enum" && Object.values(info.members).every((code) => code === 0 || code === 1)),
};
const like = (other: Datainfo): Type => ({
  words: `of type ${other.type}, like the parameter that it limits`,
  fits: ({ type }) => type === other.type,
});

function isPair(info: Datainfo, fits: (member: Datainfo) => boolean): boolean {
  return info.type === "tuple" && info.members.length === 2 && info.members.every(fits);
}

const bare: PredefinedCommand = { kind: "command", bare: true };
const parameter = (type?: Type, readonly?: boolean): PredefinedParameter => ({
  kind: "parameter",
  ...(type && { type }),
  ...(readonly !== undefined && { readonly }),
});

const PREDEFINED: ReadonlyMap<string, PredefinedParameter | PredefinedCommand> = new Map<
  string,
  PredefinedParameter | PredefinedCommand
>([
  ["value", parameter(undefined, true)],
  ["status", parameter(status, true)],
  ["target", parameter(undefined, false)],
  ["pollinterval", parameter(double)],
  ["ramp", parameter(number, false)],
  ["setpoint", parameter(undefined, true)],
  ["time_to_target", parameter(number, true)],
  ["mode", parameter(enumeration)],
  ["offset", parameter(number)],
  ["controlled_by", parameter(controller, true)],
  ["control_active", parameter(bool, true)],
  ["target_limits", parameter(interval)],
  ["goal", parameter()],
  ["roi", parameter(region)],
  ["stop", bare],
  ["go", bare],
  ["hold", bare],
  ["prepare", bare],
  ["shutdown", bare],
  ["reset", bare],
  ["clear_errors", bare],
  ["control_off", bare],
  ["communicate", { kind: "command" }],
  ["get_data", { kind: "command", result: matrix }],
]);

/** Names that drafts of the spec had, and real nodes still use. */
const TOLERATED = new Set(["unit", "loglevel", "use_ramp", "ctrlpars", "abort"]);

const POSTFIXED = /^(.+)(_[a-z]+)$/;

/** Parameters about another parameter, by the postfix to its name. */
const POSTFIXES: ReadonlyMap<string, (of: Datainfo) => Type> = new Map([
  ["_min", like],
  ["_max", like],
  ["_limits", () => interval],
  ["_enable", () => onOff],
]);

/** Whether the spec has an accessible of this name, alone or with a postfix as in `target_max`. */
export function isPredefined(name: string): boolean {
  if (PREDEFINED.has(name)) return true;
  const end = name.lastIndexOf("_");
  return end > 0 && PREDEFINED.has(name.slice(0, end)) && POSTFIXES.has(name.slice(end));
}

/**
 * The violation of the spec by an accessible, by its name; undefined if there is none. `of` finds the other
 * parameters of the module.
 */
export function misuse(accessible: Accessible, of: (name: string) => Accessible | undefined): string | undefined {
  const { name } = accessible;
  if (name.startsWith("_") || TOLERATED.has(name)) return undefined;
  const known = PREDEFINED.get(name) ?? postfixed(name, of);
  if (known) return deviation(accessible, known);
  return 'the name is not predefined, so it should begin with "_"';
}

function postfixed(name: string, of: (name: string) => Accessible | undefined): PredefinedParameter | undefined {
  const [, base = "", postfix = ""] = POSTFIXED.exec(name) ?? [];
  const about = of(base);
  const type = about?.kind === "parameter" ? POSTFIXES.get(postfix)?.(about.datainfo) : undefined;
  return type && parameter(type);
}

function deviation(accessible: Accessible, known: PredefinedParameter | PredefinedCommand): string | undefined {
  if (accessible.kind !== known.kind) return `it should be a ${known.kind}`;
  if (known.kind === "command" && accessible.kind === "command") {
    const { argument, result } = accessible;
    if (known.bare && (argument || result)) return "it should take no argument and give no result";
    if (known.result && !(result && known.result.fits(result))) return `its result should be ${known.result.words}`;
  }
  if (known.kind === "parameter" && accessible.kind === "parameter") {
    const { datainfo, readonly, constant } = accessible;
    if (known.type && !known.type.fits(datainfo)) return `it should be ${known.type.words}`;
    if (known.readonly === true && !readonly) return "it should be read-only";
    if (known.readonly === false && readonly && constant === undefined) return "it should be changeable";
  }
  return undefined;
}
