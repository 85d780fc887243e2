/** Decides with the compiler's parser whether a cell that is typed in a console is ready to run. */

import ts from "typescript";
import type { IsComplete } from "../tslabAdapter";
import { parseErrorsOf } from "./internals";
import { parseModule } from "./source";

/**
 * The codes of "Unterminated template literal" and "'*\/' expected", which are reported where the literal or
 * comment begins.
 */
const OPEN_TEXT: ReadonlySet<number> = new Set([1160, 1010]);
/**
 * The code of an unterminated string at the end of the text. A string continues in the next line only after a
 * backslash.
 */
const OPEN_STRING = 1002;
/** The code of "'catch' or 'finally' expected". */
const OPEN_TRY = 1472;
const INDENT = "  ";

export function isComplete(code: string): IsComplete {
  const errors = parseErrorsOf(parseModule(code));
  if (errors.length === 0) return { status: "complete" };
  const end = code.trimEnd().length;
  if (errors.some((error) => error.code === OPEN_STRING) && code[end - 1] !== "\\") return { status: "invalid" };
  const continues = errors.every(
    ({ start, length, code: error }) =>
      start >= end || OPEN_TEXT.has(error) || (error === OPEN_TRY && start + length >= end - 1),
  );
  return continues ? { status: "incomplete", indent: INDENT.repeat(openBrackets(code)) } : { status: "invalid" };
}

function openBrackets(code: string): number {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, true, ts.LanguageVariant.Standard, code);
  let open = 0;
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (OPENING.has(token)) open += 1;
    else if (CLOSING.has(token)) open = Math.max(0, open - 1);
  }
  return open;
}

const OPENING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.OpenBraceToken,
  ts.SyntaxKind.OpenParenToken,
  ts.SyntaxKind.OpenBracketToken,
]);
const CLOSING: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.CloseBraceToken,
  ts.SyntaxKind.CloseParenToken,
  ts.SyntaxKind.CloseBracketToken,
]);
