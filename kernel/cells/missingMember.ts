/** Explains an error of code that used a missing member: `node.cryo has no targt: did you mean target?`. */

// V8 reports only the property that the code read from `undefined`. Devices without a class file are untyped,
// so the type check does not find the mistake either.

import type { Expression, MemberExpression, Program } from "oxc-parser";
import { memberNames, nearest } from "../../lib/nearest";
import { cellLanguage, parse, walk } from "../compiler/parser";
import { findMagics, maskMagics } from "../magics/findMagics";
import { isDevice } from "../magics/notebookDevice";
import { readMember } from "./liveMembers";

/** The facts about the notebook from which the advice is made. */
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
  const access = accessAt(treeOf(code), offsetOf(code, Number(line) - 1, Number(column) - 1));
  if (/^Cannot (?:read|set) properties of undefined/.test(thrown.message)) {
    return access && explanation(memberIn(access.object), code, values);
  }
  return /is not a function/.test(thrown.message) ? explanation(access, code, values) : undefined;
}

/**
 * The explanation, if the cell ends with a missing member of a device: the cell would show nothing otherwise.
 */
export function missingResult(code: string, valuesNow: () => ReadonlyMap<string, unknown>): string | undefined {
  if (!/\.\s*[\p{ID_Continue}$]+[\s;)]*$/u.test(code)) return undefined;
  const last = treeOf(code)?.body.at(-1);
  if (last?.type !== "ExpressionStatement") return undefined;
  const access = memberIn(last.expression);
  const values = valuesNow();
  return access && isDevice(valueAt(access.object, values)) ? explanation(access, code, values) : undefined;
}

/** A member that an object does not have. */
interface Missing {
  readonly owner: object;
  readonly name: string;
  /** The member that was probably meant. */
  readonly meant: string | undefined;
}

/** The member `access`, if its object does not have it and is known without running code. */
function missingIn(access: MemberExpression | undefined, values: ReadonlyMap<string, unknown>): Missing | undefined {
  if (access === undefined || access.property.type !== "Identifier" || access.computed) return undefined;
  const owner = valueAt(access.object, values);
  const { name } = access.property;
  const isObject = (typeof owner === "object" && owner !== null) || typeof owner === "function";
  if (!isObject || name in owner) return undefined;
  // Objects have many short names: `get` is not a misspelt `int`.
  const meant = nearest(name, memberNames(owner).filter(isIdentifier), Math.floor(name.length / 2));
  return { owner, name, meant };
}

/** The explanation, if `access` is a member that its object does not have. */
function explanation(
  access: MemberExpression | undefined,
  code: string,
  values: ReadonlyMap<string, unknown>,
): string | undefined {
  const missing = missingIn(access, values);
  if (!access || !missing) return undefined;
  const { owner, name, meant } = missing;
  const own = Object.keys(owner).filter(isIdentifier).slice(0, MAX_NAMES);
  const advice = meant === undefined ? own.length > 0 && `it has ${own.join(", ")}` : `did you mean ${meant}?`;
  const object = unwrapped(access.object);
  return `${code.slice(object.start, object.end)} has no ${name}${advice ? `: ${advice}` : ""}`;
}

/**
 * The value of a chain of names like `node.cryo`, found without running code of the user;
 * undefined for other expressions.
 */
function valueAt(expression: Expression, values: ReadonlyMap<string, unknown>): unknown {
  const node = unwrapped(expression);
  if (node.type === "Identifier") return values.get(node.name);
  const access = memberIn(node);
  if (access?.property.type !== "Identifier" || access.computed) return undefined;
  const owner = valueAt(access.object, values);
  return typeof owner === "object" && owner !== null ? readMember(owner, access.property.name) : undefined;
}

/** The expression as a member `a.b`, without casts and `!`; undefined if it is another expression. */
function memberIn(expression: Expression): MemberExpression | undefined {
  const node = unwrapped(expression);
  return node.type === "MemberExpression" ? node : undefined;
}

/** The expression without casts and `!`: `node` of `(node as any)!`. */
function unwrapped(node: Expression): Expression {
  const wraps =
    node.type === "TSAsExpression" || node.type === "TSNonNullExpression" || node.type === "ChainExpression";
  return wraps ? unwrapped(node.expression) : node;
}

/** The `a.b` whose `b` begins at this offset, or ends there, as V8 reports it for an assignment. */
function accessAt(tree: Program | undefined, offset: number): MemberExpression | undefined {
  let found: MemberExpression | undefined;
  walk(tree, (node) => {
    if (node.end < offset || offset < node.start) return false;
    // The walker knows only the fields that all nodes share; the type says which ones this node has.
    const access = node.type === "MemberExpression" ? (node as unknown as MemberExpression) : undefined;
    if (access && [access.property.start, access.end].includes(offset)) found ??= access;
    return true;
  });
  return found;
}

/** The offset of a place by its line and column, which are zero-based. */
function offsetOf(code: string, line: number, column: number): number {
  const before = code.split("\n").slice(0, line);
  return before.reduce((sum, { length }) => sum + length + 1, column);
}

/** The most names that an explanation lists. */
const MAX_NAMES = 12;

/**
 * Whether the user may have meant this name: not an index, a private name, or a member that every object has.
 */
function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$][\p{ID_Continue}$]*$/u.test(name) && !(name in Object.prototype);
}

/** The syntax tree of a cell, whose magics count as comments; undefined if it has none. */
function treeOf(code: string): Program | undefined {
  try {
    const masked = maskMagics(
      code,
      findMagics(code, () => false),
    );
    return parse(masked, cellLanguage(masked)).program;
  } catch {
    return undefined;
  }
}
