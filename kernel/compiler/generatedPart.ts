/** The part of a class file that `generateClasses` wrote and nobody has edited since: correct, and large. */

import { findRegion, type GeneratedRegion } from "../../lib/generatedRegion";
import { EditedText } from "./textEdits";

/** The imports of that part, which are its first lines. */
const IMPORTS = /(?:import [^\n]*\n)*/y;
const BLANK_OR_COMMENTS = /^(?:\s|\/\/[^\n]*)*$/;

/** The text that was looked at last: each file is looked at several times in a row. */
let latest: { readonly text: string; readonly region: GeneratedRegion | undefined } | undefined;

function intactRegion(text: string): GeneratedRegion | undefined {
  if (latest?.text !== text) latest = { text, region: findRegion(text) };
  return latest.region?.intact ? latest.region : undefined;
}

/** The text without that part, of which the imports stay. */
export function withoutGenerated(text: string): EditedText {
  const region = intactRegion(text);
  if (region === undefined) return new EditedText(text, []);
  IMPORTS.lastIndex = region.start;
  IMPORTS.test(text);
  return new EditedText(text, [{ start: IMPORTS.lastIndex, end: region.end, text: "" }]);
}

/** Whether the user has no code in the text beside that part. */
export function isAllGenerated(text: string): boolean {
  const { before, after } = intactRegion(text) ?? { before: text, after: "" };
  return BLANK_OR_COMMENTS.test(before) && BLANK_OR_COMMENTS.test(after);
}
