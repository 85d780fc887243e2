/** The part of a class file that `generateClasses` wrote and nobody has edited since: correct, and large. */

import { findRegion, type GeneratedRegion } from "../../lib/generatedRegion";
import { EditedText, type TextEdit } from "./textEdits";

/** The imports of that part, which are its first lines. */
const IMPORTS = /(?:import [^\n]*\n)*/y;
const BLANK_OR_COMMENTS = /^(?:\s|\/\/[^\n]*)*$/;

/** The text that was looked at last: each file is looked at several times in a row. */
let latest: { readonly text: string; readonly region: GeneratedRegion | undefined } | undefined;

function intactRegion(text: string): GeneratedRegion | undefined {
  if (latest?.text !== text) latest = { text, region: findRegion(text) };
  return latest.region?.intact ? latest.region : undefined;
}

/** The text without the generated part, except for the imports of that part. */
export function withoutGenerated(text: string): EditedText {
  const region = intactRegion(text);
  if (region === undefined) return new EditedText(text, []);
  IMPORTS.lastIndex = region.start;
  IMPORTS.test(text);
  return new EditedText(text, [{ start: IMPORTS.lastIndex, end: region.end, text: "" }]);
}

/** A member that is only declared; the generator writes each on a line of its own. */
const DECLARED = /^ {2}declare readonly [^\n]*;(?: \/\/ property)?$/gm;

/**
 * Removes the members of the generated part that are only declared, which become no JavaScript: a class file
 * of 60 modules is compiled in a third of the time. Line breaks stay, so that line numbers do not change.
 */
export function withoutDeclaredMembers(text: string): TextEdit[] {
  const region = intactRegion(text);
  if (region === undefined) return [];
  return Array.from(text.slice(region.start, region.end).matchAll(DECLARED), ({ index, 0: line }) => {
    const start = region.start + index;
    return { start, end: start + line.length, text: "" };
  });
}

/** Whether the text has no code of the user beside the generated part. */
export function isAllGenerated(text: string): boolean {
  const { before, after } = intactRegion(text) ?? { before: text, after: "" };
  return BLANK_OR_COMMENTS.test(before) && BLANK_OR_COMMENTS.test(after);
}
