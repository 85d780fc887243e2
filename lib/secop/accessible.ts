// Parameters and commands of a module, as its description tells them.

import { errorText } from "../errors";
import { codecFor } from "./codec";
import { type Datainfo, declaredType, parseCommandInfo, parseDatainfo } from "./datainfo";
import { type Json, JsonFields, type ReportProblem } from "./jsonFields";
import { type Meaning, parseMeaning, parseVisibility } from "./presentation";

interface AccessibleDescription {
  readonly name: string;
  readonly description: string;
  readonly group?: string;
  /** Access of expert, advanced user and user, each `w`, `r` or `-` (SECoP 2.0's form; older ones are translated). */
  readonly visibility?: string;
  readonly meaning?: Meaning;
  /** Whether `check` works on it (SECoP 2.0). */
  readonly checkable: boolean;
  /** Everything else the node tells, as JSON: custom properties start with `_`. */
  readonly properties: ReadonlyMap<string, unknown>;
}

export interface ParameterDescription extends AccessibleDescription {
  readonly kind: "parameter";
  readonly datainfo: Datainfo;
  readonly readonly: boolean;
  /**
   * Decoded. If present, the parameter has this value always: it can neither be read nor changed and is not updated.
   */
  readonly constant?: unknown;
}

export interface CommandDescription extends AccessibleDescription {
  readonly kind: "command";
  readonly argument: Datainfo | null;
  readonly result: Datainfo | null;
}

export type Accessible = ParameterDescription | CommandDescription;

const PROPERTIES = new Set([
  "description",
  "datainfo",
  "readonly",
  "constant",
  "group",
  "visibility",
  "meaning",
  "checkable",
]);

/** Reads the description of one accessible; `place` names it in problems. Never throws. */
export function describeAccessible(name: string, json: Json, place: string, report: ReportProblem): Accessible {
  const fields = new JsonFields(json, place, report);
  const datainfo = fields.raw("datainfo");
  const isCommand = declaredType(datainfo) === "command";
  const readonly = isReadonly(fields, isCommand);
  const meaning = parseMeaning(fields);
  const visibility = parseVisibility(fields, readonly);
  const common = {
    name,
    description: fields.text("description"),
    ...fields.texts("group"),
    ...(visibility !== undefined && { visibility }),
    ...(meaning && { meaning }),
    checkable: fields.flags("checkable").checkable ?? false,
    properties: fields.others(PROPERTIES),
  };
  const inDatainfo = (problem: string) => fields.problem(`datainfo: ${problem}`);
  if (isCommand) {
    const { argument, result } = parseCommandInfo(datainfo, inDatainfo);
    return { kind: "command", ...common, argument, result };
  }
  const info = parseDatainfo(datainfo, inDatainfo);
  return { kind: "parameter", ...common, datainfo: info, readonly, ...constantOf(fields, info) };
}

function isReadonly(fields: JsonFields, isCommand: boolean): boolean {
  const { readonly } = fields.flags("readonly");
  if (readonly === undefined && !isCommand) fields.problem("readonly is missing, taken as true");
  return readonly ?? !isCommand;
}

function constantOf(fields: JsonFields, info: Datainfo): { constant?: unknown } {
  const wire = fields.raw("constant");
  if (wire === undefined || wire === null) return {};
  if (typeof wire === "number" && Number.isInteger(wire) && !Number.isSafeInteger(wire)) {
    fields.problem("constant is beyond 2^53 and may have lost digits");
  }
  try {
    return { constant: codecFor(info).decode(wire) };
  } catch (error) {
    fields.problem(`constant: ${errorText(error)}`);
    return {};
  }
}
