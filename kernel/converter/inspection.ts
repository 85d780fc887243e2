/** Describes the name at the cursor, or the call whose arguments the cursor is in. */

import ts from "typescript";
import type { QuickInfo } from "../tslabAdapter";
import type { Cells } from "./cells";
import type { Project } from "./project";
import type { CellSource } from "./source";
import { type NotebookWords, reworded } from "./wording";

export function inspectAt(
  project: Project,
  cells: Cells,
  source: CellSource,
  position: number,
  words: NotebookWords,
): QuickInfo | undefined {
  const { text, offset } = cells.checkText(source);
  project.write(project.current, text);
  const { service, current } = project;
  const at = offset + source.toText(position);
  const info = service.getQuickInfoAtPosition(current, at);
  if (info === undefined) return signatureOf(service.getSignatureHelpItems(current, at, undefined), words);
  const { documentation, tags } = info;
  const signature = ts.displayPartsToString(info.displayParts);
  // Leave out that a name of an earlier cell is an import: the user has not written one.
  const own = signature.replace(/^\(alias\) /, "").replace(/\nimport [^\n]*$/, "");
  return { displayParts: [{ text: reworded(own, words) }], documentation, tags };
}

function signatureOf(help: ts.SignatureHelpItems | undefined, words: NotebookWords): QuickInfo | undefined {
  const item = help?.items[help.selectedItemIndex];
  if (help === undefined || item === undefined) return undefined;
  const join = ts.displayPartsToString;
  const parameters = item.parameters.map(({ displayParts }) => join(displayParts));
  const text = [
    join(item.prefixDisplayParts),
    parameters.join(join(item.separatorDisplayParts)),
    join(item.suffixDisplayParts),
    help.items.length > 1 ? ` (+${help.items.length - 1} overloads)` : "",
  ].join("");
  return { displayParts: [{ text: reworded(text, words) }], documentation: item.documentation, tags: item.tags };
}
