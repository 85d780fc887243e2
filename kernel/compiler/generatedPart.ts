/** The part of a class file that `generateClasses` wrote and nobody has edited since: correct, and large. */

import { createHash } from "node:crypto";
import { EditedText } from "./textEdits";

/** The marks around it are lines of their own; the first one has the hash of what stands between them. */
const PART =
  /^\/\/ <secop-lab generated ([0-9a-f]+)[^\n]*\n((?:import [^\n]*\n)*)([\s\S]*?)^\/\/ <\/secop-lab generated>$/m;
const BLANK_OR_COMMENTS = /^(?:\s|\/\/[^\n]*)*$/;

interface Part {
  /** The offset of its first mark. */
  readonly start: number;
  /** Where its imports end, which are its first lines. */
  readonly importsEnd: number;
  /** The offset of the closing mark. */
  readonly end: number;
}

/** The text that was looked at last: each file is looked at several times in a row. */
let latest: { readonly text: string; readonly part: Part | undefined } | undefined;

function generatedPart(text: string): Part | undefined {
  if (latest?.text !== text) latest = { text, part: findPart(text) };
  return latest.part;
}

function findPart(text: string): Part | undefined {
  const found = PART.exec(text);
  if (found === null) return undefined;
  const [whole, hash, imports = "", rest = ""] = found;
  // An editor that changes line ends has not edited the text.
  const written = `${imports}${rest}`.replace(/\r\n/g, "\n");
  if (createHash("sha256").update(written).digest("hex").slice(0, 16) !== hash) return undefined;
  const end = found.index + whole.lastIndexOf("\n") + 1;
  return { start: found.index, importsEnd: end - rest.length, end };
}

/** The text without that part, of which the imports stay. */
export function withoutGenerated(text: string): EditedText {
  const part = generatedPart(text);
  return new EditedText(text, part === undefined ? [] : [{ start: part.importsEnd, end: part.end, text: "" }]);
}

/** Whether the user has no code in the text beside that part. */
export function isAllGenerated(text: string): boolean {
  const part = generatedPart(text);
  if (part === undefined) return BLANK_OR_COMMENTS.test(text);
  return BLANK_OR_COMMENTS.test(text.slice(0, part.start)) && BLANK_OR_COMMENTS.test(text.slice(part.end));
}
