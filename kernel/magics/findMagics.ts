/**
 * Finds the magics in a cell, and distinguishes them from the operator `%` and from lines of template
 * strings.
 */

import jsTokens, { type Token } from "js-tokens";
import { parses } from "../compiler/parser";
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

/** Cell magics whose body is code that runs as it stands. */
const WITH_CODE: ReadonlySet<string> = new Set(["time", "timeit", "parameters"]);

/** The code below `%%time` and its like; undefined for another cell. */
export function codeBelowMagic([first]: readonly FoundMagic[]): string | undefined {
  return first?.kind === "cell" && WITH_CODE.has(first.name) ? first.body : undefined;
}

/** The arguments without a comment at the end. `//` begins no comment inside quotes or an address. */
function withoutComment(args: string): string {
  const [kept = ""] = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|(?!\s\/\/).)*/s.exec(args) ?? [];
  return kept;
}

/**
 * Whether a statement may begin after `before`, which is not the case in a string, a comment or brackets
 * other than `{`, or after an operator.
 */
function standsAlone(before: string, name: string, isName: (word: string) => boolean): boolean {
  const tokens = [...jsTokens(before)];
  const open = openBrackets(tokens);
  if (open === undefined || (open.length > 0 && open.at(-1) !== "{")) return false;
  const code = tokens.filter(({ type }) => !/Comment|WhiteSpace|LineTerminator/.test(type));
  const last = code.at(-1);
  if (last === undefined) return true;
  // The tokens decide where the code before has errors of its own.
  const closed = open
    .map((bracket) => CLOSING[bracket])
    .reverse()
    .join("");
  if (!parses(`${before}\n;${closed}`) && !mayEnd(last)) return false;
  return /^[;{}]$/.test(last.value) || (!isName(name) && !mentions(code, name));
}

/** What closes each kind of bracket; "`" stands for the `${` of a template. */
const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "`": "}`" };

/** The brackets that are open after these tokens; undefined within a string or a comment. */
function openBrackets(tokens: readonly Token[]): string[] | undefined {
  const open: string[] = [];
  for (const token of tokens) {
    if ("closed" in token && !token.closed && /Template|MultiLineComment/.test(token.type)) return undefined;
    if (token.type === "TemplateHead") open.push("`");
    else if (token.type === "TemplateTail") open.pop();
    else if (token.type !== "Punctuator") continue;
    else if (/^[([{]$/.test(token.value)) open.push(token.value);
    else if (/^[)\]}]$/.test(token.value)) open.pop();
  }
  return open;
}

/** Whether a statement may end with this token. */
function mayEnd({ type, value }: Token): boolean {
  if (type === "Punctuator") return /^(?:[)\]};{!]|\+\+|--)$/.test(value);
  return type !== "IdentifierName" || !NEEDS_MORE.has(value);
}

/** Whether the cell uses this name, for example for a variable, a parameter or an import. */
function mentions(code: readonly Token[], name: string): boolean {
  return code.some(({ type, value }, k) => {
    return type === "IdentifierName" && value === name && !/^\??\.$/.test(code[k - 1]?.value ?? "");
  });
}

/** Words that something follows in the same statement. */
const NEEDS_MORE: ReadonlySet<string> = new Set(
  "await case const delete else export extends import in instanceof let new of throw typeof var void".split(" "),
);
