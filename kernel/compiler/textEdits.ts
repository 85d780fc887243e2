/** A text with replacements in it, and where each place of one text is in the other. */

export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class EditedText {
  readonly original: string;
  readonly text: string;
  readonly #edits: readonly TextEdit[];

  /** @param edits In any order; they must not overlap. Those at one place stay in their order. */
  constructor(original: string, edits: readonly TextEdit[]) {
    this.original = original;
    this.#edits = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
    const parts: string[] = [];
    let from = 0;
    for (const { start, end, text } of this.#edits) {
      parts.push(original.slice(from, start), text);
      from = end;
    }
    parts.push(original.slice(from));
    this.text = parts.join("");
  }

  /** The place in the original; within a replacement, the place of what it replaces. */
  toOriginal(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of this.#edits) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) return Math.min(end, start + (offset - start - shift));
      shift += text.length - (end - start);
    }
    return Math.min(this.original.length, Math.max(0, offset - shift));
  }

  /** The place in the edited text. */
  toEdited(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of this.#edits) {
      if (offset < start || (offset === start && end > start)) break;
      if (offset < end) return start + shift + Math.min(text.length, offset - start);
      shift += text.length - (end - start);
    }
    return offset + shift;
  }
}

/** Where each line of a text begins, as the Language Server Protocol counts: a lone `\r` ends a line, too. */
export function lineStarts(text: string): number[] {
  return [0, ...Array.from(text.matchAll(/\r\n?|\n/g), ({ index, 0: end }) => index + end.length)];
}
