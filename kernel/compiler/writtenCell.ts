/** The text in which a cell is checked, and where each of its places is in what the user wrote. */

import { isVersionedSpecifier, unversioned } from "../modules/sourceVersions";
import type { CellText } from "./cellText";
import type { LspPosition } from "./languageServer";
import type { CheckedText, MovedImport } from "./layers";
import type { DiagnosticPlace } from "./serverDiagnostics";
import { EditedText, lineStarts } from "./textEdits";

const EXTENSION = /(?:\.d)?\.[mc]?[jt]sx?$/;

export interface CellWriting {
  /** How a specifier is written in the checked text; undefined if it stays as it is. */
  specifier(id: string): string | undefined;
  checkText(cellText: string, written: (id: string) => string, moved: readonly MovedImport[]): CheckedText;
}

/** An import that stands before the cell in the checked text. */
interface MovedSpan {
  /** In the text of the cell with its specifiers rewritten. */
  readonly start: number;
  readonly end: number;
  /** In the checked text. */
  readonly at: number;
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
  readonly #moved: readonly MovedSpan[];

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
    const { body, moved } = withoutImports(source, this.#rewritten, specifiers);
    const { text, offset, movedTo } = checkText(body, (id) => specifiers.get(id) ?? id, moved);
    this.text = text;
    this.#offset = offset;
    this.#moved = moved.map(({ start, end }, k) => ({ start, end, at: movedTo[k] ?? 0 }));
    const starts = lineStarts(this.#rewritten.text);
    this.place = {
      code: source.code,
      isOurs: ({ line, character }) => line === 0 && this.#movedAt(character) === undefined,
      offsetOf: ({ line, character }) => {
        if (line === 0) {
          const moved = this.#movedAt(character);
          return moved === undefined ? 0 : this.#toCode(moved.start + character - moved.at);
        }
        const start = starts[line - 1];
        return start === undefined ? source.code.length : this.#toCode(start + character);
      },
    };
  }

  /** The offset in the checked text, for one in the edited text of the cell. */
  toChecked(offset: number): number {
    const at = this.#rewritten.toEdited(offset);
    const moved = this.#moved.find(({ start, end }) => start <= at && at < end);
    return moved === undefined ? this.#offset + at : moved.at + at - moved.start;
  }

  /** The offset in the checked text, for one in what the user wrote. */
  offsetOf(offset: number): number {
    return this.toChecked(this.#source.edited.toEdited(offset));
  }

  /** The position in the checked text, for an offset in what the user wrote. */
  positionOf(offset: number): LspPosition {
    const before = this.text.slice(0, this.offsetOf(offset));
    const starts = lineStarts(before);
    return { line: starts.length - 1, character: before.length - (starts.at(-1) ?? 0) };
  }

  /** A message about the cell, with modules called as the cell imports them and not by the paths of files. */
  asImported(message: string): string {
    let text = message;
    for (const [id, written] of this.specifiers) {
      if (written === id) continue;
      const path = unversioned(written).replace(EXTENSION, "");
      text = text.replace(/"([^"]*)"/g, (whole, named: string) =>
        named.replace(EXTENSION, "") === path ? JSON.stringify(id) : whole,
      );
    }
    return text;
  }

  #movedAt(offset: number): MovedSpan | undefined {
    return this.#moved.find(({ start, end, at }) => at <= offset && offset <= at + end - start);
  }

  #toCode(offset: number): number {
    return this.#source.edited.toOriginal(this.#rewritten.toOriginal(Math.min(offset, this.#rewritten.text.length)));
  }
}

/**
 * Takes imports of packages out of the cell, and blanks instead. Before the cell they can always be in the
 * same order, which lets the compiler reuse its program.
 */
function withoutImports(
  { packageImports }: CellText,
  rewritten: EditedText,
  written: ReadonlyMap<string, string>,
): {
  readonly body: string;
  readonly moved: readonly (MovedImport & { readonly start: number; readonly end: number })[];
} {
  const { text } = rewritten;
  const moved = packageImports.flatMap(({ id, start, end }) => {
    const specifier = written.get(id) ?? id;
    if (isVersionedSpecifier(specifier)) return [];
    const span = { start: rewritten.toEdited(start), end: rewritten.toEdited(end) };
    return [{ ...span, id: specifier, text: text.slice(span.start, span.end).replace(/[\n\r]/g, " ") }];
  });
  let body = text;
  for (const { start, end } of moved) {
    body = body.slice(0, start) + text.slice(start, end).replace(/[^\n\r]/g, " ") + body.slice(end);
  }
  return { body, moved };
}
