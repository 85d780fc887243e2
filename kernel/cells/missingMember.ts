/**
 * Which member was not there, where code failed on `undefined`: JavaScript says only what it wanted of it. Devices without a class
 * file are untyped, so that no compiler has said it before.
 */

import type ts from "typescript";
import { nearest } from "../../lib/nearest";
import { isDevice } from "../magics/notebookDevice";

export interface MissingMemberParts {
  /** What was typed into the cell of that name (`In[3]`); undefined if it is not known any more. */
  codeOf(cell: string): string | undefined;
  /** The values of the notebook's names. */
  readonly values: ReadonlyMap<string, unknown>;
}

/** `node.cryo has no targt: did you mean target?`, if that is why `thrown` was thrown. */
export function missingMember(thrown: unknown, { codeOf, values }: MissingMemberParts): string | undefined {
  if (!(thrown instanceof TypeError)) return undefined;
  const [, cell, line, column] = /\bat (?:.*\()?(In\[\d+\]):(\d+):(\d+)\)?$/m.exec(thrown.stack ?? "") ?? [];
  const code = cell === undefined ? undefined : codeOf(cell);
  if (code === undefined) return undefined;
  const access = accessAt(code, Number(line) - 1, Number(column) - 1);
  if (/^Cannot (?:read|set) properties of undefined/.test(thrown.message)) return missing(access?.expression, values);
  return /is not a function/.test(thrown.message) ? missing(access, values) : undefined;
}

/** The same of a cell whose last expression is a member of a device, which is not there: nothing would be shown. */
export function missingResult(code: string, values: ReadonlyMap<string, unknown>): string | undefined {
  if (!/\.\s*[\p{ID_Continue}$]+[\s;)]*$/u.test(code)) return undefined;
  const last = parsed(code).statements.at(-1);
  if (!last || !compiler().isExpressionStatement(last)) return undefined;
  const expression = bare(last.expression);
  if (!compiler().isPropertyAccessExpression(expression)) return undefined;
  return isDevice(valueAt(expression.expression, values)) ? missing(expression, values) : undefined;
}

/** Says so if `expression` is a member that its object does not have. */
function missing(expression: ts.Expression | undefined, values: ReadonlyMap<string, unknown>): string | undefined {
  const access = expression && bare(expression);
  if (!access || !compiler().isPropertyAccessExpression(access)) return undefined;
  const owner = valueAt(access.expression, values);
  const name = access.name.text;
  if (typeof owner !== "object" || owner === null || name in owner) return undefined;
  const meant = nearest(name, namesOf(owner));
  const own = Object.keys(owner).filter(isOffered).slice(0, SHOWN);
  const advice = meant === undefined ? own.length > 0 && `it has ${own.join(", ")}` : `did you mean ${meant}?`;
  return `${access.expression.getText()} has no ${name}${advice ? `: ${advice}` : ""}`;
}

/** Names are looked up, no code of the person's runs. Undefined for what is no plain chain of names. */
function valueAt(expression: ts.Expression, values: ReadonlyMap<string, unknown>): unknown {
  const node = bare(expression);
  if (compiler().isIdentifier(node)) return values.get(node.text);
  if (!compiler().isPropertyAccessExpression(node)) return undefined;
  const owner = valueAt(node.expression, values);
  return typeof owner === "object" && owner !== null ? memberOf(owner, node.name.text) : undefined;
}

function memberOf(owner: object, name: string): unknown {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  // Getters of devices only give what is there.
  return own?.get && !isDevice(owner) ? undefined : Reflect.get(owner, name);
}

/** `(node as any)!` without what is there for the compiler only. */
function bare(node: ts.Expression): ts.Expression {
  const tsc = compiler();
  const wraps = tsc.isParenthesizedExpression(node) || tsc.isAsExpression(node) || tsc.isNonNullExpression(node);
  return wraps ? bare(node.expression) : node;
}

/** The `a.b` whose `b` begins there (zero-based), or ends there: that is where an assignment to it stands. */
function accessAt(code: string, line: number, column: number): ts.PropertyAccessExpression | undefined {
  const source = parsed(code);
  if (line >= source.getLineStarts().length) return undefined;
  const position = source.getPositionOfLineAndCharacter(line, 0) + column;
  const find = (node: ts.Node): ts.PropertyAccessExpression | undefined => {
    if (compiler().isPropertyAccessExpression(node) && [node.name.getStart(), node.end].includes(position)) return node;
    return node.forEachChild((child) => (child.pos <= position && position <= child.end ? find(child) : undefined));
  };
  return find(source);
}

const SHOWN = 12;

function namesOf(object: object): string[] {
  const names: string[] = [];
  for (let at: object | null = object; at && at !== Object.prototype; at = Object.getPrototypeOf(at))
    names.push(...Object.getOwnPropertyNames(at));
  return names.filter(isOffered);
}

/** What a person may have meant: no index, nothing private. */
function isOffered(name: string): boolean {
  return /^[\p{ID_Start}$][\p{ID_Continue}$]*$/u.test(name) && name !== "constructor";
}

function parsed(code: string): ts.SourceFile {
  return compiler().createSourceFile("cell.ts", code, compiler().ScriptTarget.Latest, true);
}

/** Loaded when it is needed: a kernel must start fast. */
function compiler(): typeof ts {
  return require("typescript") as typeof ts;
}
