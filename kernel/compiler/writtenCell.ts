/** The text in which a cell is checked, and where each of its places is in what the user wrote. */

import type { CellText } from "./cellText";
import type { LspPosition } from "./languageServer";
import type { CheckedText } from "./layers";
import type { DiagnosticPlace } from "./serverDiagnostics";
import { EditedText, lineStarts } from "./textEdits";

export interface CellWriting {
  /** How a specifier shall be written, if otherwise than so. */
  specifier(id: string): string | undefined;
  checkText(cellText: string, written: (id: string) => string): CheckedText;
}

export class WrittenCell {
  readonly text: string;
  /** How each specifier of the cell is written in it. */
  readonly specifiers: ReadonlyMap<string, string>;
  readonly place: DiagnosticPlace;
  /** Whether the file that holds it must be a TSX file. */
  readonly tsx: boolean;
  readonly #source: CellText;
  readonly #rewritten: EditedText;
  readonly #offset: number;

  constructor(source: CellText, { specifier, checkText }: CellWriting) {
    this.#source = source;
    this.tsx = source.tsx;
    const specifiers = new Map<string, string>();
    const edits = source.specifiers.flatMap(({ id, start, end }) => {
      const written = specifier(id);
      specifiers.set(id, written ?? id);
      return written === undefined ? [] : [{ start, end, text: JSON.stringify(written) }];
    });
    this.specifiers = specifiers;
    this.#rewritten = new EditedText(source.edited.text, edits);
    const { text, offset } = checkText(this.#rewritten.text, (id) => specifiers.get(id) ?? id);
    this.text = text;
    this.#offset = offset;
    const starts = lineStarts(this.#rewritten.text);
    this.place = {
      code: source.code,
      isCell: true,
      offsetOf: ({ line, character }) => {
        if (line === 0) return 0;
        const start = starts[line - 1];
        return start === undefined ? source.code.length : this.#toCode(start + character);
      },
    };
  }

  /** The offset in the checked text, for one in the edited text of the cell. */
  toChecked(offset: number): number {
    return this.#offset + this.#rewritten.toEdited(offset);
  }

  /** The offset in the checked text, for one in what the user wrote. */
  offsetOf(offset: number): number {
    return this.toChecked(this.#source.edited.toEdited(offset));
  }

  /** The position in the checked text, for an offset in what the user wrote. */
  positionOf(offset: number): LspPosition {
    const before = this.text.slice(0, this.offsetOf(offset));
    return { line: before.split("\n").length - 1, character: before.length - before.lastIndexOf("\n") - 1 };
  }

  #toCode(offset: number): number {
    return this.#source.edited.toOriginal(this.#rewritten.toOriginal(Math.min(offset, this.#rewritten.text.length)));
  }
}
