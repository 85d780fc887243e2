/**
 * Explains an error of code that used a missing member: `node.cryo has no targt: did you mean target?`.
 *
 * V8 reports only the property that the code read from `undefined`. Devices without a class file are untyped,
 * so the type check does not find the mistake either.
 */

import type ts from "typescript";
import { nearest } from "../../lib/nearest";
import { isDevice } from "../magics/notebookDevice";

/** What is known about the notebook. */
export interface MissingMemberParts {
  /** The code of the cell of that name (`In[3]`); undefined if it is unknown. */
  codeOf(cell: string): string | undefined;
  /** The names of the notebook and their values. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** The explanation, if a missing member is the reason of `thrown`. */
export function missingMember(thrown: unknown, { codeOf, values }: MissingMemberParts): string | undefined {
  if (!(thrown instanceof TypeError)) return undefined;
  const [, cell, line, column] = /\bat (?:.*\()?(In\[\d+\]):(\d+):(\d+)\)?$/m.exec(thrown.stack ?? "") ?? [];
  const code = cell === undefined ? undefined : codeOf(cell);
  if (code === undefined) return undefined;
  const access = accessAt(code, Number(line) - 1, Number(column) - 1);
  if (/^Cannot (?:read|set) properties of undefined/.test(thrown.message)) {
    return explanation(access?.expression, values);
  }
  return /is not a function/.test(thrown.message) ? explanation(access, values) : undefined;
}

/**
 * The explanation, if the cell ends with a missing member of a device: the cell would show nothing otherwise.
 */
export function missingResult(code: string, values: ReadonlyMap<string, unknown>): string | undefined {
  if (!/\.\s*[\p{ID_Continue}$]+[\s;)]*$/u.test(code)) return undefined;
  const last = parseCell(code).statements.at(-1);
  if (!last || !compiler().isExpressionStatement(last)) return undefined;
  const expression = unwrapped(last.expression);
  if (!compiler().isPropertyAccessExpression(expression)) return undefined;
  return isDevice(valueAt(expression.expression, values)) ? explanation(expression, values) : undefined;
}

/** The explanation, if `expression` is a member that its object does not have. */
function explanation(expression: ts.Expression | undefined, values: ReadonlyMap<string, unknown>): string | undefined {
  const access = expression && unwrapped(expression);
  if (!access || !compiler().isPropertyAccessExpression(access)) return undefined;
  const owner = valueAt(access.expression, values);
  const name = access.name.text;
  if (typeof owner !== "object" || owner === null || name in owner) return undefined;
  const meant = nearest(name, inheritedNames(owner));
  const own = Object.keys(owner).filter(isIdentifier).slice(0, MAX_NAMES);
  const advice = meant === undefined ? own.length > 0 && `it has ${own.join(", ")}` : `did you mean ${meant}?`;
  return `${access.expression.getText()} has no ${name}${advice ? `: ${advice}` : ""}`;
}

/**
 * The value of a chain of names like `node.cryo`, found without running code of the user;
 * undefined for other expressions.
 */
function valueAt(expression: ts.Expression, values: ReadonlyMap<string, unknown>): unknown {
  const node = unwrapped(expression);
  if (compiler().isIdentifier(node)) return values.get(node.text);
  if (!compiler().isPropertyAccessExpression(node)) return undefined;
  const owner = valueAt(node.expression, values);
  return typeof owner === "object" && owner !== null ? memberOf(owner, node.name.text) : undefined;
}

/** The value of a member; undefined if a getter with side effects would have to run. */
function memberOf(owner: object, name: string): unknown {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  // Getters of devices have no side effects.
  return own?.get && !isDevice(owner) ? undefined : Reflect.get(owner, name);
}

/** The expression without parentheses, casts and `!`: `node` of `(node as any)!`. */
function unwrapped(node: ts.Expression): ts.Expression {
  const tsc = compiler();
  const wraps = tsc.isParenthesizedExpression(node) || tsc.isAsExpression(node) || tsc.isNonNullExpression(node);
  return wraps ? unwrapped(node.expression) : node;
}

/**
 * The `a.b` whose `b` begins at this position, or ends there, as V8 reports it for an assignment. Line
 * and column are zero-based.
 */
function accessAt(code: string, line: number, column: number): ts.PropertyAccessExpression | undefined {
  const source = parseCell(code);
  if (line >= source.getLineStarts().length) return undefined;
  const position = source.getPositionOfLineAndCharacter(line, 0) + column;
  const find = (node: ts.Node): ts.PropertyAccessExpression | undefined => {
    if (compiler().isPropertyAccessExpression(node) && [node.name.getStart(), node.end].includes(position)) return node;
    return node.forEachChild((child) => (child.pos <= position && position <= child.end ? find(child) : undefined));
  };
  return find(source);
}

/** The most names that an explanation lists. */
const MAX_NAMES = 12;

/** The names of all members of an object, inherited ones included. */
function inheritedNames(object: object): string[] {
  const names: string[] = [];
  for (let at: object | null = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    names.push(...Object.getOwnPropertyNames(at));
  }
  return names.filter(isIdentifier);
}

/** Whether the user may have meant this name: an index or a private name is not offered. */
function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$][\p{ID_Continue}$]*$/u.test(name) && name !== "constructor";
}

function parseCell(code: string): ts.SourceFile {
  return compiler().createSourceFile("cell.ts", code, compiler().ScriptTarget.Latest, true);
}

/** TypeScript is loaded on first use, because a kernel must start fast. */
function compiler(): typeof ts {
  return require("typescript") as typeof ts;
}
