/** Replaces the default values that a cell of parameters declares by those that a run is given. */

import { UsageError } from "../../lib/errors";
import { nearest } from "../../lib/nearest";
import { parse } from "../compiler/parser";

/**
 * Parses `name=value` of a command line. The value is parsed as JSON, or taken as a string if it is not JSON.
 */
export function parseParameter(text: string): [name: string, value: unknown] {
  const equals = text.indexOf("=");
  const name = text.slice(0, equals).trim();
  if (equals < 0 || !/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)) {
    throw new UsageError(`cannot read the parameter ${text}: write name=value, for instance -p temperature=5`);
  }
  return [name, parseValue(text.slice(equals + 1), text)];
}

/** @throws UsageError for a number that JavaScript cannot represent. */
function parseValue(text: string, whole: string): unknown {
  let overflows = false;
  let value: unknown;
  try {
    value = JSON.parse(text, (_, part) => {
      overflows ||= typeof part === "number" && !Number.isFinite(part);
      return part;
    });
  } catch {
    return text;
  }
  if (overflows) throw new UsageError(`the parameter ${whole} is beyond the largest number, 1.8e308`);
  if (/^\s*-?\d+\s*$/.test(text) && !Number.isSafeInteger(value))
    throw new UsageError(
      `the parameter ${whole} has more digits than a number can hold: write it as a string, in quotes`,
    );
  return value;
}

/**
 * Replaces the initial values of top-level variables in `code`. Keywords and types stay, so that a value of
 * the wrong type is reported by the type check. Throws UsageError for a name that `code` does not declare.
 *
 * @param place What `code` is, in the words of that error.
 */
export function withParameters(
  code: string,
  values: ReadonlyMap<string, unknown>,
  place = "the cell of parameters",
): string {
  const initials = requireDeclared(code, values, place);
  const edits = [...values].map(([name, value]) => ({ initial: initials.get(name), text: JSON.stringify(value) }));
  edits.sort((a, b) => (b.initial?.start ?? 0) - (a.initial?.start ?? 0));
  let result = code;
  for (const { initial, text } of edits) {
    if (initial) result = `${result.slice(0, initial.start)}${text}${result.slice(initial.end)}`;
  }
  return result;
}

/**
 * The ranges of the initial values of all top-level variables. Throws UsageError if `code` does not declare
 * all of `values`.
 */
export function requireDeclared(
  code: string,
  values: ReadonlyMap<string, unknown>,
  place = "the cell of parameters",
): Map<string, SourceRange> {
  const initials = initialValues(code);
  const unknown = [...values.keys()].filter((name) => !initials.has(name));
  if (unknown.length > 0) {
    const known = initials.size > 0 ? [...initials.keys()].join(", ") : "nothing";
    const meant = nearest(unknown[0] ?? "", [...initials.keys()]);
    const advice = meant === undefined || unknown.length > 1 ? "" : `; did you mean ${meant}?`;
    throw new UsageError(`no parameter ${unknown.join(", ")}: ${place} declares ${known}${advice}`);
  }
  return initials;
}

/** A range of offsets; `end` is exclusive. */
export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

/** The ranges of the initial values of all top-level variables of `code`. */
export function initialValues(code: string): Map<string, SourceRange> {
  const initials = new Map<string, SourceRange>();
  for (const statement of parse(code).program.body) {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declaration?.type !== "VariableDeclaration") continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === "Identifier" && init) initials.set(id.name, { start: init.start, end: init.end });
    }
  }
  return initials;
}
