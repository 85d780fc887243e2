/** Converts the compiler's diagnostics to the lines, columns and names of the user's cell. */

import path from "node:path";
import ts from "typescript";
import type { Diagnostic, DiagnosticPosition } from "../tslabAdapter";
import { unversioned } from "./sourceVersions";
import { type NotebookWords, reworded } from "./wording";

/** The codes of "implicitly has type any", which are reported as warnings, so that the cell still runs. */
const IMPLICIT_ANY: ReadonlySet<number> = new Set([
  7005, 7006, 7008, 7010, 7011, 7013, 7015, 7016, 7017, 7018, 7019, 7020, 7022, 7023, 7024, 7025, 7031, 7032, 7033,
  7034, 7052, 7053, 7055, 7057,
]);
/** The code of "Left side of comma operator is unused". */
const SILENT: ReadonlySet<number> = new Set([2695]);

/**
 * The codes of "Cannot find name" without and with a suggestion. The suggestions do not include names of
 * earlier cells.
 */
const UNKNOWN_NAME: ReadonlySet<number> = new Set([2304, 2552]);
/** The codes of "Cannot find module", including that of a side-effect import. */
const MISSING_MODULE: ReadonlySet<number> = new Set([2307, 2792, 2882]);
/** The code of "An argument for 'num' was not provided", which accompanies a wrong number of arguments. */
const MISSING_ARGUMENT = 6210;

/** The code of "Cannot assign to 'f' because it is an import". */
const IMPORT_ASSIGNED = 2632;
/** How messages name the kinds of declarations of earlier cells, which the compiler sees as imports. */
const ASSIGNED: ReadonlyMap<string | undefined, string> = new Map([
  ["const", "a constant"],
  ["function", "a function"],
  ["class", "a class"],
  ["enum", "an enum"],
  ["module", "a namespace"],
]);

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
  const missing = relatedInformation.find((information) => information.code === MISSING_ARGUMENT);
  const full = missing ? `${text} ${ts.flattenDiagnosticMessageText(missing.messageText, "\n")}` : text;
  return {
    messageText: explain(reworded(full, words), code, words),
    category: warning ? ts.DiagnosticCategory.Warning : category,
    code,
  };
}

function explain(text: string, code: number, { lostIn, similarTo, elementOf }: NotebookWords): string {
  const name = /'([^']+)'/.exec(text)?.[1] ?? "";
  const assigned = code === IMPORT_ASSIGNED ? ASSIGNED.get(elementOf(name)) : undefined;
  if (assigned !== undefined) return `Cannot assign to '${name}' because it is ${assigned}.`;
  if (UNKNOWN_NAME.has(code)) {
    const cell = lostIn(name);
    if (cell !== undefined) return `${text} ${cell} would have declared it, but failed.`;
    const similar = similarTo(name);
    return similar === undefined ? text : `Cannot find name '${name}'. Did you mean '${similar}'?`;
  }
  const isPackage = MISSING_MODULE.has(code) && !/^[./]|:/.test(name);
  return isPackage ? `${text} If it is a package: npm install ${packageName(name)}` : text;
}

/** The package of a specifier: `@scope/name/file` is in `@scope/name`. */
function packageName(id: string): string {
  return id.split("/", id.startsWith("@") ? 2 : 1).join("/");
}

function positionIn(text: string, offset: number): DiagnosticPosition {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { offset, line, character: offset - (before.lastIndexOf("\n") + 1) };
}
