/** From the compiler's diagnostics to what is told about a cell: its own lines and columns, names as the person knows them. */

import path from "node:path";
import ts from "typescript";
import type { Diagnostic, DiagnosticPosition } from "../tslabAdapter";
import { unversioned } from "./sourceVersions";
import { type NotebookWords, reworded } from "./wording";

/** TypeScript's "implicitly has type any": worth saying, no reason not to run a line at an experiment. */
const IMPLICIT_ANY: ReadonlySet<number> = new Set([
  7005, 7006, 7008, 7010, 7011, 7013, 7015, 7016, 7017, 7018, 7019, 7020, 7022, 7023, 7024, 7025, 7031, 7032, 7033,
  7034, 7052, 7053, 7055, 7057,
]);
/** Left side of comma operator is unused. */
const SILENT: ReadonlySet<number> = new Set([2695]);

/** "Cannot find name", without and with a suggestion; the latter does not know the names of earlier cells. */
const UNKNOWN_NAME: ReadonlySet<number> = new Set([2304, 2552]);
/** "Cannot find module", also that of a side-effect import. */
const MISSING_MODULE: ReadonlySet<number> = new Set([2307, 2792, 2882]);
/** "An argument for 'num' was not provided", which goes with the counts of arguments. */
const MISSING_ARGUMENT = 6210;

/** "Cannot assign to 'f' because it is an import". */
const IMPORT_ASSIGNED = 2632;
/** What a name of an earlier cell is, where the compiler sees only that it comes from there; by its word for it. */
const ASSIGNED: ReadonlyMap<string | undefined, string> = new Map([
  ["const", "a constant"],
  ["function", "a function"],
  ["class", "a class"],
  ["enum", "an enum"],
  ["module", "a namespace"],
]);

export interface CellPositions {
  readonly code: string;
  /** Where the cell begins in the checked text; what is before it is ours. */
  readonly start: number;
  /** Offset in the code for an offset in the checked text. */
  toCode(offset: number): number;
}

export function isWarning({ category }: Diagnostic): boolean {
  return category === ts.DiagnosticCategory.Warning;
}

/** @param text What a diagnostic says, see `toldApart`. */
export function cellDiagnostics(
  found: readonly ts.Diagnostic[],
  { code, start: begin, toCode }: CellPositions,
  words: NotebookWords,
  text: (diagnostic: ts.Diagnostic) => string,
): Diagnostic[] {
  // That a name has no type is told where it is declared.
  const isOurs = ({ code, start = 0 }: ts.Diagnostic): boolean => start < begin && IMPLICIT_ANY.has(code);
  return found
    .filter((diagnostic) => isTold(diagnostic) && !isOurs(diagnostic))
    .map((diagnostic) => {
      const start = diagnostic.start ?? 0;
      return {
        start: positionIn(code, toCode(start)),
        end: positionIn(code, toCode(start + (diagnostic.length ?? 0))),
        ...told(diagnostic, text(diagnostic), words),
      };
    });
}

/** Of a workspace file that a cell imports. */
export function fileDiagnostics(found: readonly ts.Diagnostic[], folder: string, words: NotebookWords): Diagnostic[] {
  return found.filter(isTold).map((diagnostic) => {
    const start = diagnostic.start ?? 0;
    const source = diagnostic.file?.text ?? "";
    return {
      start: positionIn(source, start),
      end: positionIn(source, start + (diagnostic.length ?? 0)),
      ...told(diagnostic, ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"), words),
      fileName: path.posix.relative(folder, unversioned(diagnostic.file?.fileName ?? "")),
    };
  });
}

/** One of ours, on a piece of the cell. */
export function cellMessage(
  code: string,
  span: { readonly start: number; readonly end: number },
  messageText: string,
  category: ts.DiagnosticCategory = ts.DiagnosticCategory.Error,
): Diagnostic {
  return { start: positionIn(code, span.start), end: positionIn(code, span.end), messageText, category, code: 0 };
}

function isTold({ category, code }: ts.Diagnostic): boolean {
  return category === ts.DiagnosticCategory.Error && !SILENT.has(code);
}

function told(
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

/** `@scope/name/file` is in `@scope/name`. */
function packageName(id: string): string {
  return id.split("/", id.startsWith("@") ? 2 : 1).join("/");
}

function positionIn(text: string, offset: number): DiagnosticPosition {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { offset, line, character: offset - (before.lastIndexOf("\n") + 1) };
}
