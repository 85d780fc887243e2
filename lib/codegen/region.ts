/** The generated part of a class file, between two marks; what people write around it stays. */
import { createHash } from "node:crypto";

const BEGIN = "// <secop-lab generated ";
const END = "// </secop-lab generated>";

export interface GeneratedRegion {
  /** What the opening mark says of the text it was written with. */
  readonly hash: string;
  /** Whether the text is still the one the mark was written for. */
  readonly intact: boolean;
  readonly before: string;
  readonly after: string;
}

export function hashOf(body: string): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 16);
}

/** `body` between its marks. */
export function markedRegion(body: string): string {
  return `${BEGIN}${hashOf(body)}> Regenerated when the node changes: write your own code above or below the marks.\n${body}${END}\n`;
}

/** The generated part of a file; undefined if it has none. */
export function findRegion(text: string): GeneratedRegion | undefined {
  const begin = lineStart(text, BEGIN, 0);
  if (begin < 0) return undefined;
  const bodyStart = text.indexOf("\n", begin) + 1;
  const end = lineStart(text, END, begin);
  if (bodyStart === 0 || end < bodyStart) return undefined;
  const hash = /^[0-9a-f]+/.exec(text.slice(begin + BEGIN.length))?.[0] ?? "";
  const endOfMark = text.indexOf("\n", end);
  return {
    hash,
    // An editor's line ends are no edit.
    intact: hashOf(text.slice(bodyStart, end).replace(/\r\n/g, "\n")) === hash,
    before: text.slice(0, begin),
    after: endOfMark < 0 ? "" : text.slice(endOfMark + 1),
  };
}

/** No line of a generated body begins with `//`, so no text of a node can pass for a mark. */
function lineStart(text: string, mark: string, from: number): number {
  if (from === 0 && text.startsWith(mark)) return 0;
  const found = text.indexOf(`\n${mark}`, from);
  return found < 0 ? -1 : found + 1;
}
