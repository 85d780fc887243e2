/** Adds to the compiler's messages what it cannot know about the notebook. */

import { packageName } from "../modules/importedPackages";
import type { DiagnosticPosition } from "../tslabAdapter";
import type { NotebookWords } from "./wording";

/** The codes of "implicitly has type any", which are reported as warnings, so that the cell still runs. */
export const IMPLICIT_ANY: ReadonlySet<number> = new Set([
  7005, 7006, 7008, 7010, 7011, 7013, 7015, 7016, 7017, 7018, 7019, 7020, 7022, 7023, 7024, 7025, 7031, 7032, 7033,
  7034, 7052, 7053, 7055, 7057,
]);
/** The code of "Left side of comma operator is unused". */
export const SILENT: ReadonlySet<number> = new Set([2695]);

/**
 * The codes of "Cannot find name" without and with a suggestion. The suggestions do not include names of
 * earlier cells.
 */
const UNKNOWN_NAME: ReadonlySet<number> = new Set([2304, 2552]);
/** The codes of "Cannot find module", including that of a side-effect import. */
export const UNKNOWN_MODULE: ReadonlySet<number> = new Set([2307, 2792, 2882]);
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

/** The text of a diagnostic in terms of the notebook, with advice. */
export function explain(text: string, code: number, { lostIn, similarTo, elementOf }: NotebookWords): string {
  const name = /'([^']+)'/.exec(text)?.[1] ?? "";
  const assigned = code === IMPORT_ASSIGNED ? ASSIGNED.get(elementOf(name)) : undefined;
  if (assigned !== undefined) return `Cannot assign to '${name}' because it is ${assigned}.`;
  if (UNKNOWN_NAME.has(code)) {
    const cell = lostIn(name);
    if (cell !== undefined) return `${text} ${cell} would have declared it, but failed.`;
    const similar = similarTo(name);
    return similar === undefined ? text : `Cannot find name '${name}'. Did you mean '${similar}'?`;
  }
  const isPackage = UNKNOWN_MODULE.has(code) && !/^[./]|:/.test(name);
  return isPackage ? `${text} If it is a package: npm install ${packageName(name)}` : text;
}

export function lspPositionIn(text: string, offset: number): DiagnosticPosition {
  const before = text.slice(0, offset);
  const line = before.split("\n").length - 1;
  return { offset, line, character: offset - (before.lastIndexOf("\n") + 1) };
}
