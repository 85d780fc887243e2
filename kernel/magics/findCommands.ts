/**
 * Finds the lines of a cell that are commands without `%`: `!command` and `const lines = !command` of the
 * shell, and `name?`, `?name` and `help(name)`, which ask for help.
 */

import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parses, wordsOf } from "../compiler/parser";

/** A line that is a command, by its offsets in UTF-16 units. */
export interface FoundCommand {
  readonly sign: "!" | "?";
  /** The text of the shell's command, or the name that help is wanted for. */
  readonly args: string;
  /** Whether its output is a value of the cell: `const lines = !command`, or `!!command`. */
  readonly isCaptured: boolean;
  /** The offset of the statement that it belongs to. */
  readonly statement: number;
  /** The offset of the command's first character. */
  readonly start: number;
  /** The offset of `args`. */
  readonly argsStart: number;
  /** The offset of the end of the command. */
  readonly end: number;
}

const ASSIGNED =
  "(?:(?:export[ \\t]+)?(?:const|let|var)[ \\t]+)?(?:[\\p{ID_Continue}$.]+|\\[[^\\]=\\n]*\\])[ \\t]*(?::[^=\\n]+)?=[ \\t]*";
/** A command of the shell goes on in the next line after a `\`. */
const SHELL = new RegExp(`^([ \\t]*)(${ASSIGNED})?!((?:\\\\\\r?\\n|[^\\n])*)$`, "gmu");
const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*(?:\\.[\\p{ID_Start}$_][\\p{ID_Continue}$]*)*";
const ASKED_AFTER = new RegExp(`^([ \\t]*)(${NAME})[ \\t]*\\?{1,2}[ \\t]*$`, "gmu");
const ASKED_BEFORE = new RegExp(`^([ \\t]*)(\\?{1,2}[ \\t]*)(%{0,2}${NAME})[ \\t]*$`, "gmu");
const HELP_CALL = new RegExp(`^([ \\t]*)(help\\([ \\t]*)(${NAME})[ \\t]*\\)[ \\t]*;?[ \\t]*$`, "gmu");

/**
 * The commands of a cell, in order. Their place is not checked: they may stand in a string or a comment.
 *
 * @param isName whether a word is a variable of the notebook
 */
export function findCommands(code: string, isName: (word: string) => boolean): FoundCommand[] {
  const found: FoundCommand[] = [];
  if (code.includes("!")) found.push(...shellCommands(code, isName));
  if (code.includes("?")) found.push(...questions(code));
  if (code.includes("help(") && !isName("help")) {
    for (const match of code.matchAll(HELP_CALL)) found.push(question(match, match[2], match[3]));
  }
  return found.sort((a, b) => a.start - b.start);
}

function* shellCommands(code: string, isName: (word: string) => boolean): Iterable<FoundCommand> {
  let read = 0;
  const words = new Set<string>();
  for (const match of code.matchAll(SHELL)) {
    const [line, indent = "", assigned = "", rest = ""] = match;
    const statement = match.index + indent.length;
    const start = statement + assigned.length;
    for (const word of wordsOf(code.slice(read, start))) words.add(word);
    read = start;
    const isKnown = (word: string): boolean => isName(word) || word in globalThis || words.has(word);
    if (rest.trim() === "" || isTypeScript(rest, isKnown)) continue;
    // A misspelt name is for the type checker, which knows what was meant.
    if (assigned !== "" && parses(rest) && !isProgram(rest.trim())) continue;
    const isDouble = assigned === "" && rest.startsWith("!");
    const argsStart = start + (isDouble ? 2 : 1);
    const end = match.index + line.trimEnd().length;
    const args = code.slice(argsStart, end).trim();
    yield { sign: "!", isCaptured: isDouble || assigned !== "", args, statement, start, argsStart, end };
  }
}

/** Whether the first word of a command is a program that the shell finds. */
function isProgram(command: string): boolean {
  const word = /^[\w.+-]+/.exec(command)?.[0];
  if (word === undefined) return true;
  return (process.env.PATH ?? "").split(delimiter).some((folder) => isExecutable(join(folder, word)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const KEYWORDS = new Set(
  "await typeof void new this true false null undefined in of instanceof function async".split(" "),
);

/** Whether `!` before this text is the operator "not": it is an expression whose names are all known. */
function isTypeScript(text: string, isKnown: (word: string) => boolean): boolean {
  const goesOn = /[&|?:,+*/({[=<>-]\s*$/.test(text);
  if (!goesOn && !parses(text)) return false;
  const withoutStrings = text.replace(/(["'`])(?:\\.|(?!\1).)*\1/g, "''");
  const words = withoutStrings.match(/(?<![\p{ID_Continue}$.])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? [];
  return words.every((word) => KEYWORDS.has(word) || isKnown(word));
}

/** Lines of a conditional expression over several lines also begin or end with a question mark. */
function* questions(code: string): Iterable<FoundCommand> {
  const mayAsk = [ASKED_AFTER, ASKED_BEFORE].some((pattern) => code.search(pattern) >= 0);
  if (!mayAsk || parses(code)) return;
  for (const match of code.matchAll(ASKED_AFTER)) {
    const rest = code.slice(match.index + match[0].length);
    if (rest.trim() === "" || !parses(code.slice(match.index))) yield question(match, "", match[2]);
  }
  for (const match of code.matchAll(ASKED_BEFORE)) {
    if (!/^\s*:/.test(code.slice(match.index + match[0].length))) yield question(match, match[2], match[3]);
  }
}

/**
 * Whether the question at `at` may follow the code before it, in which magics are comments already.
 */
export function mayAskAfter(before: string, code: string, at: number): boolean {
  // Within a block it is a call of the function `help`, which cannot wait for the type checker.
  if (code.startsWith("help(", at)) return parses(before);
  // Not after an expression, which a line that begins with a question mark may continue.
  return code[at] !== "?" || /^$|[;{}]$|(?:^|\n)[ \t]*\/\/[^\n]*$|\*\/$/.test(before.trimEnd());
}

function question(match: RegExpExecArray, before = "", args = ""): FoundCommand {
  const start = match.index + (match[1] ?? "").length;
  const end = match.index + match[0].trimEnd().length;
  return { sign: "?", isCaptured: false, args, statement: start, start, argsStart: start + before.length, end };
}
