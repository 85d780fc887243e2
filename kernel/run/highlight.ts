/** Colours TypeScript code for a web page. */

import ts from "typescript";
import { escapeHtml } from "../../lib/display/escape";

const CLASS_NAMES: Partial<Record<ts.TokenClass, string>> = {
  [ts.TokenClass.Keyword]: "k",
  [ts.TokenClass.Comment]: "c",
  [ts.TokenClass.StringLiteral]: "s",
  [ts.TokenClass.RegExpLiteral]: "s",
  [ts.TokenClass.NumberLiteral]: "n",
  [ts.TokenClass.BigIntLiteral]: "n",
};

/** Code as HTML: keywords in `<i class="k">`, comments in class `c`, strings in `s` and numbers in `n`. */
export function highlight(code: string): string {
  const classifier = ts.createClassifier();
  let state = ts.EndOfLineState.None;
  const lines = code.split("\n").map((line) => {
    const { entries, finalLexState } = classifier.getClassificationsForLine(line, state, false);
    state = finalLexState;
    let at = 0;
    return entries
      .map(({ length, classification }) => {
        const text = escapeHtml(line.slice(at, at + length));
        at += length;
        const name = CLASS_NAMES[classification];
        return name ? `<i class="${name}">${text}</i>` : text;
      })
      .join("");
  });
  return lines.join("\n");
}
