/** Whether a cell typed in a console is ready to run, by where the parser stumbles. */

import type { IsComplete } from "../tslabAdapter";
import { cellLanguage, parse } from "./parser";

const INDENT = "  ";

export function isCompleteCell(code: string): IsComplete {
  const { errors, program } = parse(code, cellLanguage(code));
  if (errors.length === 0) {
    const last = program.body.at(-1);
    // `function f()` parses, as one of several signatures, but its body is still to come.
    const isSignature = last?.type === "TSDeclareFunction" && !last.declare;
    return isSignature ? { status: "incomplete", indent: "" } : { status: "complete" };
  }
  const end = code.trimEnd().length;
  const continues = errors.every(({ message, labels }) => {
    const start = labels[0]?.start ?? 0;
    if (message.startsWith("Unterminated multiline comment")) return true;
    // A string does not go on in the next line, unless it says so or is the rest of a template.
    if (message.startsWith("Unterminated string")) return /[`}]/.test(code[start] ?? "") || code[end - 1] === "\\";
    // The parser reports an error where a last `?.` begins, but the name after it may be in the next line.
    return start >= end || (start === end - 2 && code.endsWith("?.", end));
  });
  if (!continues) return { status: "invalid" };
  return { status: "incomplete", indent: INDENT.repeat(openBrackets(code)) };
}

/** Strings, comments and brackets, as far as they end. */
const TOKENS =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|(["'])(?:\\.|(?!\1)[^\\\n])*(?:\1|$)|`(?:\\.|[^`\\])*(?:`|$)|[{}()[\]]/g;

function openBrackets(code: string): number {
  let open = 0;
  for (const [token] of code.matchAll(TOKENS)) {
    if (/^[{([]/.test(token)) open += 1;
    else if (/^[})\]]/.test(token)) open = Math.max(0, open - 1);
  }
  return open;
}
