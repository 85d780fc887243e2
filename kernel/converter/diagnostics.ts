/** Converts the compiler's diagnostics to the lines, columns and names of the user's cell. */

import path from "node:path";
import ts from "typescript";
import type { Diagnostic } from "../tslabAdapter";
import { explain, IMPLICIT_ANY, positionIn, SILENT } from "./explanations";
import { unversioned } from "./sourceVersions";
import { type NotebookWords, reworded } from "./wording";

/** The code of "An argument for 'num' was not provided", which accompanies a wrong number of arguments. */
const MISSING_ARGUMENT = 6210;
/** The code of "Did you forget to use 'await'?", which accompanies an error about a promise. */
const FORGOTTEN_AWAIT = 2773;

export interface CellPositions {
  readonly code: string;
  /** The offset where the cell begins in the checked text, after the generated line. */
  readonly start: number;
  /** Maps an offset in the checked text to the cell. */
  toCode(offset: number): number;
}

export function isWarning({ category }: Diagnostic): boolean {
  return category === ts.DiagnosticCategory.Warning;
}

/** @param text The text of a diagnostic, see `distinguished`. */
export function cellDiagnostics(
  found: readonly ts.Diagnostic[],
  { code, start: begin, toCode }: CellPositions,
  words: NotebookWords,
  text: (diagnostic: ts.Diagnostic) => string,
): Diagnostic[] {
  // A name without a type is reported where it is declared, not where it is used.
  const isOurs = ({ code, start = 0 }: ts.Diagnostic): boolean => start < begin && IMPLICIT_ANY.has(code);
  return found
    .filter((diagnostic) => isReported(diagnostic) && !isOurs(diagnostic))
    .map((diagnostic) => {
      const start = diagnostic.start ?? 0;
      return {
        start: positionIn(code, toCode(start)),
        end: positionIn(code, toCode(start + (diagnostic.length ?? 0))),
        ...reportedMessage(diagnostic, text(diagnostic), words),
      };
    });
}

/** A diagnostic of a workspace file that a cell imports. */
export function fileDiagnostics(found: readonly ts.Diagnostic[], folder: string, words: NotebookWords): Diagnostic[] {
  return found.filter(isReported).map((diagnostic) => {
    const start = diagnostic.start ?? 0;
    const source = diagnostic.file?.text ?? "";
    return {
      start: positionIn(source, start),
      end: positionIn(source, start + (diagnostic.length ?? 0)),
      ...reportedMessage(diagnostic, ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"), words),
      fileName: path.posix.relative(folder, unversioned(diagnostic.file?.fileName ?? "")),
    };
  });
}

/** A diagnostic with a message of our own, for a range of the cell. */
export function cellMessage(
  code: string,
  span: { readonly start: number; readonly end: number },
  messageText: string,
  category: ts.DiagnosticCategory = ts.DiagnosticCategory.Error,
): Diagnostic {
  return { start: positionIn(code, span.start), end: positionIn(code, span.end), messageText, category, code: 0 };
}

function isReported({ category, code }: ts.Diagnostic): boolean {
  return category === ts.DiagnosticCategory.Error && !SILENT.has(code);
}

function reportedMessage(
  { code, category, relatedInformation = [] }: ts.Diagnostic,
  text: string,
  words: NotebookWords,
): Pick<Diagnostic, "messageText" | "category" | "code"> {
  const warning = IMPLICIT_ANY.has(code);
  const missing = relatedInformation.find(
    (information) => information.code === MISSING_ARGUMENT || information.code === FORGOTTEN_AWAIT,
  );
  const full = missing ? `${text} ${ts.flattenDiagnosticMessageText(missing.messageText, "\n")}` : text;
  return {
    messageText: explain(reworded(full, words), code, words),
    category: warning ? ts.DiagnosticCategory.Warning : category,
    code,
  };
}
