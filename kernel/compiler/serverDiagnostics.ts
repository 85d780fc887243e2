/**
 * Turns the server's diagnostics into those that are reported about a cell, with its own lines and columns
 * and with names as the user knows them.
 */

import path from "node:path";
import { unversioned } from "../modules/sourceVersions";
import type { Diagnostic } from "../tslabAdapter";
import { explain, IMPLICIT_ANY, lspPositionIn, SILENT, UNKNOWN_MODULE } from "./explanations";
import type { LspDiagnostic, LspPosition } from "./languageServer";
import { type NotebookWords, reworded } from "./wording";

/** TypeScript's categories of diagnostics. */
export const WARNING = 0;
export const ERROR = 1;

/** Related information that belongs to its message: which argument is missing, whether `await` is. */
const PART_OF_MESSAGE = /^(?:An argument for '|Did you forget to use 'await')/;

/** The codes of a module that the compiler cannot find, or of which it finds no types. */
export const MISSING_MODULE: ReadonlySet<number> = new Set([...UNKNOWN_MODULE, 7016]);

/** Tags that are not closed, or by another name. */
const UNCLOSED: ReadonlySet<number> = new Set([17002, 17008, 17014]);

export function isSyntaxCode(code: number): boolean {
  return code < 2000 || UNCLOSED.has(code);
}

export interface DiagnosticPlace {
  /** The text that the user wrote. */
  readonly code: string;
  offsetOf(position: LspPosition): number;
  /** Whether the place is in text that the user did not write. */
  isOurs(position: LspPosition): boolean;
}

/** The cell that left a name to a layer: it distinguishes older and newer items of one name. */
export type CellOfLayer = (layer: number, name: string) => string | undefined;

/**
 * @param isBroken Whether there are syntax errors: then only these are reported.
 */
export function reportedDiagnostics(
  found: readonly LspDiagnostic[],
  place: DiagnosticPlace,
  words: NotebookWords,
  cellOf: CellOfLayer,
  isBroken: boolean,
): Diagnostic[] {
  const errors = found.filter(({ severity, code }) => severity === 1 && !SILENT.has(code));
  const syntax = isBroken ? errors.filter(({ code }) => isSyntaxCode(code)) : [];
  // That a name has no type is reported where it is declared, and that a module is missing where it is
  // imported.
  const isOurs = ({ range, code }: LspDiagnostic): boolean =>
    (IMPLICIT_ANY.has(code) || MISSING_MODULE.has(code)) && place.isOurs(range.start);
  const reported = (syntax.length > 0 ? syntax : errors)
    .filter((diagnostic) => !isOurs(diagnostic))
    .map((diagnostic) => ({
      start: lspPositionIn(place.code, place.offsetOf(diagnostic.range.start)),
      end: lspPositionIn(
        place.code,
        Math.max(place.offsetOf(diagnostic.range.start), place.offsetOf(diagnostic.range.end)),
      ),
      messageText: messageText(diagnostic, words, cellOf),
      category: IMPLICIT_ANY.has(diagnostic.code) ? WARNING : ERROR,
      code: diagnostic.code,
    }));
  return syntax.length > 0 ? firstAtEachPlace(reported) : reported;
}

/** Keeps one error for each place: at the end of a cell, for instance, the parser may expect several. */
function firstAtEachPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const places = new Set<number>();
  return diagnostics.filter(({ start: { offset } }) => !places.has(offset) && places.add(offset));
}

/** A diagnostic of our own about a span of the cell. */
export function cellNotice(
  code: string,
  span: { readonly start: number; readonly end: number },
  text: string,
  category: number = ERROR,
): Diagnostic {
  return {
    start: lspPositionIn(code, span.start),
    end: lspPositionIn(code, span.end),
    messageText: text,
    category,
    code: 0,
  };
}

export function inFile(diagnostic: Diagnostic, file: string, folder: string): Diagnostic {
  return { ...diagnostic, fileName: path.posix.relative(folder, unversioned(file)) };
}

function messageText(
  { message, code, relatedInformation = [] }: LspDiagnostic,
  words: NotebookWords,
  cellOf: CellOfLayer,
): string {
  const missing = relatedInformation.find((related) => PART_OF_MESSAGE.test(related.message));
  const text = missing ? `${message} ${missing.message}` : message;
  return explain(reworded(inCells(text, cellOf), words), code, words);
}

/** Names of layers as names of the cells that left them. */
export function inCells(text: string, cellOf: CellOfLayer): string {
  return text
    .replace(/import\("((?:[^"\\]|\\.)*\/)__layer(\d+)"\)\.([\p{ID_Continue}$]+)/gu, (whole, folder, layer, name) => {
      const cell = cellOf(Number(layer), name);
      return cell === undefined ? whole : `import("${folder}${cell}").${name}`;
    })
    .replace(/(["/])__cell(?=["'])/g, "$1__cell_0")
    .replace(/\b__let_(?=[\p{ID_Start}$_])/gu, "");
}
