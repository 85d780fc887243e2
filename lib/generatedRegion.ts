/** The generated part of a class file, between two marks; the user's own code around it stays. */

import { createHash } from "node:crypto";

const BEGIN = "// <secop-lab generated ";
const END = "// </secop-lab generated>";

/** The result of `findRegion`. */
export interface GeneratedRegion {
  /** The hash in the opening mark. */
  readonly hash: string;
  /** Whether the text between the marks is unchanged since it was generated. */
  readonly intact: boolean;
  /** The offset of the text between the marks. */
  readonly start: number;
  /** The offset of the closing mark. */
  readonly end: number;
  /** The text before the opening mark. */
  readonly before: string;
  /** The text after the closing mark. */
  readonly after: string;
}

/** The hash of a generated text, as in its opening mark. */
export function regionHash(body: string): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 16);
}

/** The generated text between its marks. */
export function markedRegion(body: string): string {
  return `${BEGIN}${regionHash(body)}> Regenerated when the node changes: write your own code above or below the marks.\n${body}${END}\n`;
}

/** The generated part of a file; undefined if it has none. */
export function findRegion(text: string): GeneratedRegion | undefined {
  const begin = lineStart(text, BEGIN, 0);
  if (begin < 0) return undefined;
  const start = text.indexOf("\n", begin) + 1;
  const end = lineStart(text, END, begin);
  if (start === 0 || end < start) return undefined;
  const hash = /^[0-9a-f]+/.exec(text.slice(begin + BEGIN.length))?.[0] ?? "";
  const endOfMark = text.indexOf("\n", end);
  return {
    hash,
    // An editor that changes line ends has not edited the text.
    intact: regionHash(text.slice(start, end).replace(/\r\n/g, "\n")) === hash,
    start,
    end,
    before: text.slice(0, begin),
    after: endOfMark < 0 ? "" : text.slice(endOfMark + 1),
  };
}

/**
 * Where a line begins with the mark. No generated line begins with `//`, so no text of a node looks like a
 * mark.
 */
function lineStart(text: string, mark: string, from: number): number {
  if (from === 0 && text.startsWith(mark)) return 0;
  const found = text.indexOf(`\n${mark}`, from);
  return found < 0 ? -1 : found + 1;
}
