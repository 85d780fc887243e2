/**
 * Says in one line what to do about the most frequent errors of the check: habits of Python, and messages
 * whose long text hides a simple reason.
 */

// `%why` shows the text of the compiler.

import type { Diagnostic } from "../../tslabAdapter";
import { type AdviceRule, codePlaceOf, type IsOwn, isAboutSyntax } from "./codePlace";
import { MISPLACED_WORDS, PLAN_RULES } from "./planAdvice";
import { PYTHON_EXPRESSIONS } from "./pythonExpressions";
import { PYTHON_NAMES, shellOutput } from "./pythonNames";
import { statementAdvice } from "./pythonStatements";
import { recordedValues } from "./recordedValues";

/** Longer lines are data, about which the rules say nothing but take long. */
const LONGEST_LINE = 2000;

/**
 * The diagnostics of a cell, with advice instead of the compiler's text where there is any.
 *
 * @param isOwn Whether a name of an earlier cell is the user's own. Default: none is.
 */
export function withAdvice(
  diagnostics: readonly Diagnostic[],
  code: string,
  isOwn: IsOwn = () => false,
): readonly Diagnostic[] {
  const advised = new Map<Diagnostic, Diagnostic>();
  for (const one of diagnostics) {
    const advice = one.fileName === undefined ? adviceFor(one, code, isOwn) : undefined;
    if (advice) advised.set(one, advice);
  }
  // Code that is not TypeScript has further errors, which say nothing more.
  const isForeign = [...advised.keys()].some(isAboutSyntax);
  const lines = new Set([...advised.values()].map(({ start }) => start.line));
  const shown: Diagnostic[] = [];
  for (const one of diagnostics) {
    const advice = advised.get(one);
    const isConsequence = advice
      ? shown.some(({ start, messageText }) => start.line === advice.start.line || messageText === advice.messageText)
      : one.fileName === undefined && (isForeign || lines.has(one.start.line));
    if (!isConsequence) shown.push(advice ?? one);
  }
  return shown;
}

/** A string that is none of the possible ones, as `"evnet"` for an event. */
const misspeltString: AdviceRule = ({ message, word }) => {
  const [, meant] = /Did you mean '([^'\n]*)'\?$/.exec(message) ?? [];
  const quote = /^["'`]/.exec(word)?.[0];
  return meant === undefined || quote === undefined
    ? undefined
    : `${word} is none of the names that are possible here: did you mean ${quote}${meant}${quote}?`;
};

/** The diagnostic with the advice as its text, at the statement that the advice is about. */
function adviceFor(one: Diagnostic, code: string, isOwn: IsOwn): Diagnostic | undefined {
  const place = codePlaceOf(one, code, isOwn);
  if (place.line.length > LONGEST_LINE) return undefined;
  const first = (rules: readonly AdviceRule[]): Diagnostic | undefined => {
    for (const rule of rules) {
      const messageText = rule(place);
      if (messageText !== undefined) return { ...one, messageText };
    }
    return undefined;
  };
  if (!isAboutSyntax(one)) {
    return first([...MISPLACED_WORDS, ...PLAN_RULES, recordedValues, misspeltString, ...PYTHON_NAMES]);
  }
  if (one.code === 1127) return first(PYTHON_EXPRESSIONS) ?? ofStatement(one, code);
  return ofStatement(one, code) ?? first([...MISPLACED_WORDS, ...PYTHON_EXPRESSIONS, shellOutput]);
}

/**
 * Advice about the line of an error in the syntax, or about the line before: `import time` goes on in the
 * next line, which holds the error.
 */
function ofStatement(one: Diagnostic, code: string): Diagnostic | undefined {
  const lines = code.split("\n");
  const { line, character } = one.start;
  const startsLine = (lines[line] ?? "").slice(0, character).trim() === "";
  for (const at of startsLine ? [line, line - 1] : [line]) {
    const text = lines[at];
    const messageText = text === undefined ? undefined : statementAdvice(text);
    if (text === undefined || messageText === undefined) continue;
    if (at === line) return { ...one, messageText };
    const before = lines.slice(0, at).join("\n").length + (at > 0 ? 1 : 0);
    const indent = text.length - text.trimStart().length;
    const place = (column: number) => ({ line: at, character: column, offset: before + column });
    return { ...one, messageText, start: place(indent), end: place(text.length) };
  }
  return undefined;
}
