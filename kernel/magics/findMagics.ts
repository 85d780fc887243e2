/**
 * Finds the magics in a cell, and distinguishes them from the operator `%` and from lines of template
 * strings.
 */

import type ts from "typescript";
import { type FoundCommand, findCommands, mayAskAfter } from "./findCommands";

/** A magic in the text of a cell. Offsets are in UTF-16 units. */
export interface FoundMagic {
  readonly kind: "line" | "cell";
  /** How it is written: `!` runs a command of the shell, and `?` asks for help about a name. */
  readonly sign: "%" | "%%" | "!" | "?";
  readonly name: string;
  /** Whether it asks for help: `%name?`. */
  readonly asksHelp: boolean;
  readonly args: string;
  /** The offset of its first character. */
  readonly start: number;
  /** The offset of the arguments. */
  readonly argsStart: number;
  /** The offset of the end of the arguments, which is the end of the line or the beginning of a comment. */
  readonly end: number;
  /** The rest of the cell; empty for a line magic. */
  readonly body: string;
}

const CANDIDATE = /^([ \t]*)(%%?)([A-Za-z_]\w*)(\?)?([^\n]*)$/gm;

/** The names of the magics that `!command` and `name?` stand for. */
export const SHELL_MAGIC = "sh";
export const HELP_MAGIC = "help";

/**
 * The magics of a cell, in order. `isName` says whether a word is a variable of the notebook: after an
 * expression without a semicolon, `%name` is then a modulo operation.
 */
export function findMagics(code: string, isName: (word: string) => boolean): FoundMagic[] {
  if (!mayHaveMagics(code)) return [];
  const found: FoundMagic[] = [];
  for (const candidate of candidates(code, isName)) {
    const { kind, name, sign, start } = candidate;
    if (found.some(({ end }) => start < end)) continue;
    if (kind === "cell") {
      if (found.length === 0 && code.slice(0, start).trim() === "") return [candidate];
      continue;
    }
    // Only `%` is also an operator between two lines.
    const operand = sign === "%" ? name : "";
    const before = maskMagics(code.slice(0, start), found);
    if (sign === "?" && !mayAskAfter(before, code, start)) continue;
    if (standsAlone(before, operand, isName)) found.push(candidate);
  }
  return found;
}

/** Whether a cell may have magics: a quick test. */
export function mayHaveMagics(code: string): boolean {
  return /[%!?]|\bhelp\(/.test(code);
}

/** Everything that looks like a magic, in order. */
function candidates(code: string, isName: (word: string) => boolean): FoundMagic[] {
  const found = findCommands(code, isName).map(magicOf);
  for (const match of code.includes("%") ? code.matchAll(CANDIDATE) : []) {
    const [line, indent = "", sign = "", name = "", help, args = ""] = match;
    if (args !== "" && help === undefined && !/^\s|^;\s*$/.test(args)) continue;
    const start = match.index + indent.length;
    const argsStart = start + sign.length + name.length + (help?.length ?? 0);
    const given = withoutComment(args);
    found.push({
      kind: sign === "%%" ? "cell" : "line",
      sign: sign === "%%" ? "%%" : "%",
      name,
      asksHelp: help !== undefined,
      args: given.trim().replace(/^;$/, ""),
      start,
      argsStart,
      end: argsStart + given.length,
      body: sign === "%%" ? code.slice(match.index + line.length + 1) : "",
    });
  }
  return found.sort((a, b) => a.start - b.start);
}

function magicOf({ sign, args, start, argsStart, end }: FoundCommand): FoundMagic {
  const name = sign === "!" ? SHELL_MAGIC : HELP_MAGIC;
  return { kind: "line", sign, name, asksHelp: false, args, start, argsStart, end, body: "" };
}

/**
 * The text of the same length with each magic replaced by a comment, for completion, inspection and
 * is_complete requests.
 */
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

/** The arguments without a comment at the end. `//` begins no comment inside quotes or an address. */
function withoutComment(args: string): string {
  const [kept = ""] = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|(?!\s\/\/).)*/s.exec(args) ?? [];
  return kept;
}

/**
 * Whether a statement may begin after `before`, which is not the case in a string, a comment or brackets, or
 * after an operator.
 */
function standsAlone(before: string, name: string, isName: (word: string) => boolean): boolean {
  // TypeScript takes long to load, so it is loaded when a cell has a magic.
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

/** Whether the cell uses this name, for example for a variable, a parameter or an import. */
function mentions(node: ts.Node, name: string, tsc: typeof ts): boolean {
  if (tsc.isIdentifier(node) && node.text === name) {
    return !(tsc.isPropertyAccessExpression(node.parent) && node.parent.name === node);
  }
  return node.forEachChild((child) => mentions(child, name, tsc)) ?? false;
}

/** The code of TypeScript's diagnostic "'x' expected." */
const EXPECTED = 1005;
/** The codes of the diagnostics "unterminated template literal", "comment" and "regular expression". */
const UNTERMINATED = new Set([1160, 1010, 1161]);
