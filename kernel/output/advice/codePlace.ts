/** The place of a diagnostic in the code of a cell, as the rules of advice see it. */

import type { Diagnostic } from "../../tslabAdapter";

export interface CodePlace {
  /** The compiler's text, and its number. */
  readonly message: string;
  readonly code: number;
  /** The text that the diagnostic is about. */
  readonly word: string;
  /** Where that begins in the cell. */
  readonly offset: number;
  /** The line where it begins, and the parts of that line before and after its beginning. */
  readonly line: string;
  readonly before: string;
  readonly after: string;
  /** All code of the cell. */
  readonly cell: string;
}

/** Returns the advice, or undefined if the rule does not apply. */
export type AdviceRule = (place: CodePlace) => string | undefined;

export function codePlaceOf({ start, end, messageText, code }: Diagnostic, cell: string): CodePlace {
  const line = cell.split("\n")[start.line] ?? "";
  return {
    message: messageText,
    code,
    word: cell.slice(start.offset, end.offset),
    offset: start.offset,
    line,
    before: line.slice(0, start.character),
    after: line.slice(start.character),
    cell,
  };
}

/** Whether a diagnostic is about the form of the code and not about its types. */
export function isSyntax({ code }: { readonly code: number }): boolean {
  return code >= 1000 && code < 2000;
}
