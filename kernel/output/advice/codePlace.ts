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
  /** Whether the user declared this name, as in `function count() {}`, so that it is not the library's. */
  readonly isOwn: IsOwn;
}

/** @param callee A name, or a member: `scan`, `bp.scan`. */
export type IsOwn = (callee: string) => boolean;

/** Returns the advice, or undefined if the rule does not apply. */
export type AdviceRule = (place: CodePlace) => string | undefined;

export function codePlaceOf({ start, end, messageText, code }: Diagnostic, cell: string, isOwn: IsOwn): CodePlace {
  const line = lineAt(cell, start.offset - start.character);
  return {
    message: messageText,
    code,
    word: cell.slice(start.offset, end.offset),
    offset: start.offset,
    line,
    before: line.slice(0, start.character),
    after: line.slice(start.character),
    cell,
    isOwn: (callee) => declares(cell, callee) || isOwn(callee),
  };
}

function lineAt(cell: string, begin: number): string {
  const end = cell.indexOf("\n", begin);
  return cell.slice(begin, end < 0 ? cell.length : end);
}

function declares(cell: string, callee: string): boolean {
  const [name = ""] = callee.split(".");
  return /^\w+$/.test(name) && new RegExp(`\\b(?:const|let|var|class|function\\s*\\*?)\\s*\\b${name}\\b`).test(cell);
}

/** Whether a diagnostic is about the form of the code and not about its types. */
export function isAboutSyntax({ code }: { readonly code: number }): boolean {
  return code >= 1000 && code < 2000;
}
