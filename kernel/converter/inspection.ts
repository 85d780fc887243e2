/** What the compiler knows about the name at the cursor. */

import ts from "typescript";
import type { Cells } from "./cells";
import type { Project } from "./project";
import { analyseCell } from "./source";

export function inspectAt(project: Project, cells: Cells, code: string, position: number): ts.QuickInfo | undefined {
  const source = analyseCell(code);
  const { text, offset } = cells.checkText(source);
  project.write(project.current, text);
  const info = project.service.getQuickInfoAtPosition(project.current, offset + source.toText(position));
  if (info === undefined) return undefined;
  const start = source.toCode(info.textSpan.start - offset);
  return { ...info, textSpan: { start, length: info.textSpan.length }, displayParts: signatureParts(info) };
}

/** A name of an earlier cell reaches this one by an import, which is no news to the person. */
function signatureParts({ displayParts = [] }: ts.QuickInfo): ts.SymbolDisplayPart[] {
  const text = ts.displayPartsToString(displayParts);
  const plain = text
    .replace(/^\(alias\) /, "")
    .replace(/\nimport [^\n]*$/, "")
    .replace(/(?:typeof )?import\("[^"]*__cell_\d+"\)\./g, "")
    .replace(/~\d+(?=(?:\.\w+)?["')])/g, "");
  return plain === text ? displayParts : [{ text: plain, kind: "text" }];
}
