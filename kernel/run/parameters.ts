/** Values given from outside in place of the defaults that a cell of parameters declares. */

import ts from "typescript";
import { UsageError } from "../../lib/errors";

/** Reads `name=value` of a command line: the value is JSON where it can be, else text. */
export function parseParameter(text: string): [name: string, value: unknown] {
  const equals = text.indexOf("=");
  const name = text.slice(0, equals).trim();
  if (equals < 0 || !/^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)) {
    throw new UsageError(`cannot read the parameter ${text}: write name=value, for instance -p temperature=5`);
  }
  const value = text.slice(equals + 1);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}

/**
 * `code` with the initial values of its top-level variables replaced. Keyword and type stay, so that a value of the wrong type
 * is an error of the type check. Throws a UsageError for a name that `code` does not declare.
 */
export function withParameters(code: string, values: ReadonlyMap<string, unknown>): string {
  const initials = requireDeclared(code, values);
  const edits = [...values].map(([name, value]) => ({ initial: initials.get(name), text: JSON.stringify(value) }));
  edits.sort((a, b) => (b.initial?.start ?? 0) - (a.initial?.start ?? 0));
  let result = code;
  for (const { initial, text } of edits) {
    if (initial) result = `${result.slice(0, initial.start)}${text}${result.slice(initial.end)}`;
  }
  return result;
}

/** Where the initial value of each top-level variable of `code` stands. Throws a UsageError if one of `values` is not among them. */
export function requireDeclared(code: string, values: ReadonlyMap<string, unknown>): Map<string, Range> {
  const initials = initialValues(code);
  const unknown = [...values.keys()].filter((name) => !initials.has(name));
  if (unknown.length > 0) {
    const known = initials.size > 0 ? [...initials.keys()].join(", ") : "nothing";
    throw new UsageError(`no parameter ${unknown.join(", ")}: the cell of parameters declares ${known}`);
  }
  return initials;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function initialValues(code: string): Map<string, Range> {
  const source = ts.createSourceFile("parameters.ts", code, ts.ScriptTarget.Latest);
  const initials = new Map<string, Range>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer)
        initials.set(name.text, { start: initializer.getStart(source), end: initializer.end });
    }
  }
  return initials;
}
