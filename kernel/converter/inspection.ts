/** What the compiler knows about the name at the cursor. */

import ts from "typescript";
import type { Cells } from "./cells";
import type { Project } from "./project";
import { analyseCell } from "./source";
import { type NotebookWords, reworded } from "./wording";

export function inspectAt(
  project: Project,
  cells: Cells,
  code: string,
  position: number,
  words: NotebookWords,
): ts.QuickInfo | undefined {
  const source = analyseCell(code);
  const { text, offset } = cells.checkText(source);
  project.write(project.current, text);
  const info = project.service.getQuickInfoAtPosition(project.current, offset + source.toText(position));
  if (info === undefined) return undefined;
  const start = source.toCode(info.textSpan.start - offset);
  return { ...info, textSpan: { start, length: info.textSpan.length }, displayParts: signatureParts(info, words) };
}

/** A name of an earlier cell reaches this one by an import, which is no news to the person. */
function signatureParts({ displayParts = [] }: ts.QuickInfo, words: NotebookWords): ts.SymbolDisplayPart[] {
  const text = ts.displayPartsToString(displayParts);
  const plain = reworded(text.replace(/^\(alias\) /, "").replace(/\nimport [^\n]*$/, ""), words);
  return plain === text ? displayParts : [{ text: plain, kind: "text" }];
}
