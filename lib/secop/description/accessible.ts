/** Parameters and commands of a module, read from its description. */

import { isDeepStrictEqual } from "node:util";
import { errorText } from "../../errors";
import { type Codec, codecFor } from "../values/codecFor";
import { shown } from "../values/codecs/index";
import { type Datainfo, declaredType, parseCommandInfo, parseDatainfo } from "../values/datainfo";
import { type Json, JsonFields, type ReportProblem } from "../values/jsonFields";
import { type Meaning, parseMeaning, parseVisibility } from "./presentation";

/** What a node says about any accessible. */
interface AccessibleDescription {
  readonly name: string;
  readonly description: string;
  readonly group?: string;
  /**
   * Access of expert, advanced user and user, each `w`, `r` or `-` (SECoP 2.0's form; older ones are
   * translated).
   */
  readonly visibility?: string;
  readonly meaning?: Meaning;
  /** Whether the node answers `check` for it (SECoP 2.0). */
  readonly checkable: boolean;
  /** All other properties, as JSON; custom ones begin with `_`. */
  readonly properties: ReadonlyMap<string, unknown>;
}

/** What a node says about a parameter (SECoP 1.0, "Accessibles"). */
export interface ParameterDescription extends AccessibleDescription {
  readonly kind: "parameter";
  /** The type of its value. */
  readonly datainfo: Datainfo;
  /** Whether it can only be read. */
  readonly readonly: boolean;
  /**
   * The decoded value, if the parameter is a constant: the client neither reads nor changes it,
   * and the node does not update it.
   */
  readonly constant?: unknown;
}

/** What a node says about a command (SECoP 1.0, "Accessibles"). */
export interface CommandDescription extends AccessibleDescription {
  readonly kind: "command";
  /** The datainfo of the argument; `null` without one. */
  readonly argument: Datainfo | null;
  /** The datainfo of the result; `null` without one. */
  readonly result: Datainfo | null;
}

/** A parameter or a command of a module. */
export type Accessible = ParameterDescription | CommandDescription;

/** Whether a parameter can be set: a constant cannot, whatever `readonly` says. */
export const isSettable = ({ readonly, constant }: ParameterDescription): boolean =>
  !readonly && constant === undefined;

const COMMAND_PROPERTIES = new Set(["description", "datainfo", "group", "visibility", "meaning", "checkable"]);
const PARAMETER_PROPERTIES = new Set([...COMMAND_PROPERTIES, "readonly", "constant"]);

/** Reads the description of one accessible; `place` names it in problems. Never throws. */
export function describeAccessible(name: string, json: Json, place: string, report: ReportProblem): Accessible {
  const fields = new JsonFields(json, place, report);
  const datainfo = fields.raw("datainfo");
  const isCommand = declaredType(datainfo) === "command";
  const readonly = !isCommand && isReadonly(fields);
  const meaning = parseMeaning(fields);
  const visibility = parseVisibility(fields, readonly);
  const common = {
    name,
    description: fields.text("description"),
    ...fields.texts("group"),
    ...(visibility !== undefined && { visibility }),
    ...(meaning && { meaning }),
    checkable: fields.flags("checkable").checkable ?? false,
    properties: fields.others(isCommand ? COMMAND_PROPERTIES : PARAMETER_PROPERTIES),
  };
  const inDatainfo = (problem: string) => fields.problem(`datainfo: ${problem}`);
  if (isCommand) {
    const { argument, result } = parseCommandInfo(datainfo, inDatainfo);
    return { kind: "command", ...common, argument, result };
  }
  const info = parseDatainfo(datainfo, inDatainfo);
  return { kind: "parameter", ...common, datainfo: info, readonly, ...constantOf(fields, info) };
}

function isReadonly(fields: JsonFields): boolean {
  const { readonly } = fields.flags("readonly");
  if (readonly === undefined) fields.problem("readonly is missing, taken as true");
  return readonly ?? true;
}

function constantOf(fields: JsonFields, info: Datainfo): { constant?: unknown } {
  const wire = fields.raw("constant");
  if (wire === undefined) return {};
  const codec = codecFor(info);
  try {
    const constant = codec.decode(wire);
    const flaw = flawOf(codec, wire, constant);
    if (flaw !== undefined) fields.problem(`constant: ${flaw}`);
    return { constant };
  } catch (error) {
    fields.problem(`constant: ${errorText(error)}`);
    return {};
  }
}

/** Why a value that can be decoded still violates the spec; undefined if it does not. */
function flawOf(codec: Codec, wire: unknown, value: unknown): string | undefined {
  if (typeof wire === "number" && Number.isInteger(wire) && !Number.isSafeInteger(wire)) {
    return "it is beyond 2^53 and may have lost digits";
  }
  try {
    const right = codec.encode(value);
    return isDeepStrictEqual(right, wire) ? undefined : `it should be written as ${shown(right)}`;
  } catch (error) {
    return errorText(error);
  }
}
