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
  /** The offset of the statement that it belongs to: `const lines = !ls` begins before the command. */
  readonly statement: number;
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

/** The names of the magics that `!command`, `const lines = !command` and `name?` stand for. */
export const SHELL_MAGIC = "sh";
export const CAPTURE_MAGIC = "sx";
export const HELP_MAGIC = "help";

/**
 * The magics of a cell, in order. `isName` says whether a word is a variable of the notebook: after an
 * expression without a semicolon, `%name` is then a modulo operation.
 */
export function findMagics(code: string, isName: (word: string) => boolean): FoundMagic[] {
  if (!mayHaveMagics(code)) return [];
  const found: FoundMagic[] = [];
  // Before this place the code is whole statements and magics, which need not be read again.
  let whole = 0;
  // Up to this place the code is in a string or a comment, so that no magic begins there.
  let inside = 0;
  for (const candidate of candidates(code, isName)) {
    const { kind, name, sign, statement: start, end } = candidate;
    if (start < Math.max(inside, found.at(-1)?.end ?? 0)) continue;
    if (kind === "cell") {
      if (found.length === 0 && code.slice(0, start).trim() === "") return [candidate];
      continue;
    }
    // Only `%` is also an operator between two lines.
    const operand = sign === "%" ? name : "";
    const before = maskedPart(code, whole, start, found);
    if (sign === "?" && !mayAskAfter(before, code, start)) continue;
    const isUsed = (word: string): boolean =>
      isName(word) || (code.slice(0, start).includes(word) && mentions(maskedPart(code, 0, start, found), word));
    const isWhole = parses(`${before}\n;`);
    const place = isWhole ? placeAfterStatement(before, operand, isUsed) : placeWithin(before, operand, isUsed);
    if (place === "inside") inside = endOfToken(code, start);
    if (place !== "alone") continue;
    found.push(candidate);
    if (isWhole) whole = end;
  }
  return found;
}

/** The code from `from` to `to`, with those of the magics that are in it replaced by comments. */
function maskedPart(code: string, from: number, to: number, magics: readonly FoundMagic[]): string {
  const first = magics.findLastIndex(({ start }) => start < from) + 1;
  const moved = magics.slice(first).map((magic) => ({ ...magic, start: magic.start - from, end: magic.end - from }));
  return maskMagics(code.slice(from, to), moved);
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
      statement: start,
      start,
      argsStart,
      end: argsStart + given.length,
      body: sign === "%%" ? code.slice(match.index + line.length + 1) : "",
    });
  }
  return found.sort((a, b) => a.start - b.start);
}

function magicOf({ isCaptured, ...command }: FoundCommand): FoundMagic {
  const shell = isCaptured ? CAPTURE_MAGIC : SHELL_MAGIC;
  const name = command.sign === "!" ? shell : HELP_MAGIC;
  return { ...command, kind: "line", name, asksHelp: false, body: "" };
}

/**
 * The text of the same length with each magic replaced by a comment, or by a list of texts where its output
 * is a value: for completion, inspection and is_complete requests.
 */
export function maskMagics(code: string, magics: readonly FoundMagic[]): string {
  let masked = "";
  let at = 0;
  for (const { kind, sign, name, start, end } of magics) {
    const to = kind === "cell" ? code.length : end;
    const blank = code.slice(start, to).replace(/[^\n]/g, " ");
    const isValue = sign === "!" && name === CAPTURE_MAGIC;
    masked += code.slice(at, start) + (isValue ? maskedList(blank) : blank.replace(/^ {2}/, "//"));
    at = to;
  }
  return masked + code.slice(at);
}

/** The longest list that fits into these blanks, with a semicolon if possible. */
function maskedList(blank: string): string {
  const list = ['[""];', '[""]', "[]"].find((text) => blank.startsWith(" ".repeat(text.length))) ?? "";
  return list + blank.slice(list.length);
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
 * Where a line is that looks like a magic: alone, where a statement may begin; an operand of the operator
 * `%`; or inside a string or a comment.
 */
type Place = "alone" | "operand" | "inside";

/** After whole statements. The last one goes on in this line if it has no semicolon and `name` is used. */
function placeAfterStatement(before: string, name: string, isUsed: (name: string) => boolean): Place {
  if (name === "" || !isUsed(name)) return "alone";
  const lastLine = before.trimEnd().split("\n").at(-1) ?? "";
  // Only tokens tell where a comment begins.
  const end = /\/[/*]|\*\//.test(lastLine) ? codeTokens(jsTokens(before)).at(-1)?.value : lastLine.at(-1);
  return end === undefined || /^[;{}]$/.test(end) ? "alone" : "operand";
}

/** After code that is not whole: in a string, a comment, brackets or a block, or after an error. */
function placeWithin(before: string, name: string, isUsed: (name: string) => boolean): Place {
  const tokens = [...jsTokens(before)];
  const open = openBrackets(tokens);
  if (open === undefined) return "inside";
  if (open.length > 0 && open.at(-1) !== "{") return "operand";
  const last = codeTokens(tokens).at(-1);
  if (last === undefined) return "alone";
  // The tokens decide where the code before has errors of its own.
  const closed = open
    .map((bracket) => CLOSING[bracket])
    .reverse()
    .join("");
  if (!parses(`${before}\n;${closed}`) && !mayEnd(last)) return "operand";
  return /^[;{}]$/.test(last.value) || name === "" || !isUsed(name) ? "alone" : "operand";
}

/** The tokens without comments and blanks. */
function codeTokens(tokens: Iterable<Token>): Token[] {
  return [...tokens].filter(({ type }) => !/Comment|WhiteSpace|LineTerminator/.test(type));
}

/** Where the part of a template string, or the comment, that `at` is in ends at the earliest. */
function endOfToken(code: string, at: number): number {
  const end = /(?<!\\)(?:\\\\)*(?:`|\$\{)|\*\//g;
  end.lastIndex = at;
  return end.exec(code)?.index ?? code.length;
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

/** Whether the code uses this name, for example for a variable, a parameter or an import. */
function mentions(code: string, name: string): boolean {
  const tokens = codeTokens(jsTokens(code));
  return tokens.some(({ type, value }, k) => {
    return type === "IdentifierName" && value === name && !/^\??\.$/.test(tokens[k - 1]?.value ?? "");
  });
}

/** Words that something follows in the same statement. */
const NEEDS_MORE: ReadonlySet<string> = new Set(
  "await case const delete else export extends import in instanceof let new of throw typeof var void".split(" "),
);
