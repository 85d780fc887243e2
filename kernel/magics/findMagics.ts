/** Finds the magics in a cell, and only them: `%` is also an operator, and may start a line of a template string. */

import type ts from "typescript";

/** One magic in the text of a cell. Offsets in UTF-16 units. */
export interface FoundMagic {
  readonly kind: "line" | "cell";
  readonly name: string;
  /** `%name?`. */
  readonly asksHelp: boolean;
  readonly args: string;
  /** Of the first `%`. */
  readonly start: number;
  /** Of the arguments. */
  readonly argsStart: number;
  /** End of the arguments: of the line, or before a comment at its end. */
  readonly end: number;
  /** The rest of the cell, for a cell magic. */
  readonly body: string;
}

const CANDIDATE = /^([ \t]*)(%%?)([A-Za-z_]\w*)(\?)?([^\n]*)$/gm;

/**
 * `isName` tells whether a word is a name of the notebook: after an expression without a semicolon, `%name` is a modulo operation
 * if it is.
 */
export function findMagics(code: string, isName: (word: string) => boolean): FoundMagic[] {
  if (!code.includes("%")) return [];
  const found: FoundMagic[] = [];
  for (const match of code.matchAll(CANDIDATE)) {
    const [line, indent = "", sign = "", name = "", help, args = ""] = match;
    const start = match.index + indent.length;
    const isCell = sign === "%%";
    if (isCell && (found.length > 0 || code.slice(0, start).trim() !== "")) continue;
    if (args !== "" && help === undefined && !/^\s|^;\s*$/.test(args)) continue;
    if (!isCell && !standsAlone(maskMagics(code.slice(0, start), found), name, isName)) continue;
    const argsStart = start + sign.length + name.length + (help?.length ?? 0);
    const given = withoutComment(args);
    const end = argsStart + given.length;
    const magic = { name, asksHelp: help !== undefined, args: given.trim().replace(/^;$/, ""), start, argsStart, end };
    if (isCell) return [{ ...magic, kind: "cell", body: code.slice(match.index + line.length + 1) }];
    found.push({ ...magic, kind: "line", body: "" });
  }
  return found;
}

/** The same text, as long, with comments in the place of magics: for completion, inspection and is_complete. */
export function maskMagics(code: string, magics: readonly FoundMagic[]): string {
  let masked = code;
  for (const { kind, start, end } of magics) {
    const to = kind === "cell" ? masked.length : end;
    const blank = masked.slice(start, to).replace(/[^\n]/g, " ");
    const comment = blank.length >= 2 ? `//${blank.slice(2)}` : blank;
    masked = `${masked.slice(0, start)}${comment}${masked.slice(to)}`;
  }
  return masked;
}

/** `args // comment`; `//` in quotes and addresses is none. */
function withoutComment(args: string): string {
  const [kept = ""] = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|(?!\s\/\/).)*/s.exec(args) ?? [];
  return kept;
}

/** Whether a statement may begin after `before`: not inside a string, a comment or brackets, not after an operator. */
function standsAlone(before: string, name: string, isName: (word: string) => boolean): boolean {
  // Loaded when a cell has a magic, since it takes a while.
  const tsc = require("typescript") as typeof ts;
  const source = tsc.createSourceFile("before.ts", before, tsc.ScriptTarget.Latest, true);
  const { parseDiagnostics } = source as ts.SourceFile & { readonly parseDiagnostics: readonly ts.Diagnostic[] };
  const end = before.trimEnd().length;
  const unfinished = parseDiagnostics.filter(({ start = 0, code }) => start >= end || UNTERMINATED.has(code));
  if (unfinished.some(({ code, messageText }) => code !== EXPECTED || messageText !== "'}' expected.")) return false;
  const last = source.statements.at(-1)?.getLastToken(source);
  if (last === undefined || /[;{}]/.test(before.charAt(last.end - 1))) return true;
  return !isName(name) && !mentions(source, name, tsc);
}

/** Whether the name is that of something in this cell: a variable, a parameter, an import. */
function mentions(node: ts.Node, name: string, tsc: typeof ts): boolean {
  if (tsc.isIdentifier(node) && node.text === name) {
    return !(tsc.isPropertyAccessExpression(node.parent) && node.parent.name === node);
  }
  return node.forEachChild((child) => mentions(child, name, tsc)) ?? false;
}

/** "'x' expected." */
const EXPECTED = 1005;
/** Template, comment, regular expression. */
const UNTERMINATED = new Set([1160, 1010, 1161]);
