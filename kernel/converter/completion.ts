/** What may stand at the cursor: members, names of this and earlier cells, types, paths in imports. */

import ts from "typescript";
import type { CompletionInfo } from "../tslabAdapter";
import type { Cells } from "./cells";
import type { Project } from "./project";
import { analyseCell } from "./source";

/** More names of earlier cells than that are listed without asking the checker about each. */
const MAX_ASKED = 40;
const INTERNAL = /^__(cell_|secopLab)/;

export function completeAt(project: Project, cells: Cells, code: string, position: number): CompletionInfo {
  const source = analyseCell(code);
  const start = wordStart(code, position);
  const word = code.slice(start, position).toLowerCase();
  const member = code[start - 1] === ".";
  const matching = member ? [] : [...cells.names.keys()].filter((name) => name.toLowerCase().startsWith(word));
  const { text, offset } = cells.checkText(source, new Set(matching.slice(-MAX_ASKED)));
  project.write(project.current, text);
  const found = project.service.getCompletionsAtPosition(project.current, offset + source.toText(position), {
    includeCompletionsForModuleExports: false,
    includeCompletionsWithInsertText: false,
  });
  if (found === undefined) return { start: position, end: position, candidates: [], kinds: [] };
  const span = found.optionalReplacementSpan;
  const from = span === undefined ? start : Math.min(source.toCode(span.start - offset), position);
  const typed = code.slice(from, position).toLowerCase();
  const entries = new Map<string, string>();
  for (const { name, kind } of found.entries) {
    if (name.toLowerCase().startsWith(typed) && !INTERNAL.test(name)) entries.set(name, kind);
  }
  if (found.isGlobalCompletion) {
    for (const name of matching) if (!entries.has(name)) entries.set(name, ts.ScriptElementKind.constElement);
  }
  return { start: from, end: position, candidates: [...entries.keys()], kinds: [...entries.values()] };
}

function wordStart(code: string, position: number): number {
  const before = /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position));
  return before?.index ?? position;
}
