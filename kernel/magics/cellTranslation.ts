/** The TypeScript of a cell with magics, and the mapping of its diagnostics back to what the user wrote. */

import { isDeepStrictEqual } from "node:util";
import type { Evaluation } from "../output/evaluation";
import type { Diagnostic } from "../tslabAdapter";
import type { FoundMagic } from "./findMagics";

/** A magic and the TypeScript that replaces it. */
export interface Expansion {
  readonly magic: FoundMagic;
  readonly text: string;
}

/** A range of offsets; `to` is exclusive. */
type Span = readonly [from: number, to: number];

/** A cell whose magics were replaced by their expansions. */
export class CellTranslation {
  /** The TypeScript to compile. */
  readonly text: string;
  readonly #code: string;
  readonly #expansions: readonly (Expansion & { readonly from: number; readonly to: number })[];

  constructor(code: string, expansions: readonly Expansion[]) {
    let text = "";
    let done = 0;
    this.#expansions = expansions.map((expansion) => {
      text += code.slice(done, expansion.magic.start);
      const from = text.length;
      text += expansion.text;
      done = endOf(expansion.magic, code);
      return { ...expansion, from, to: text.length };
    });
    this.text = text + code.slice(done);
    this.#code = code;
  }

  /**
   * Maps the evaluation of `text` to the cell: its diagnostics get the places in the cell as it was written.
   */
  inCell(evaluation: Evaluation): Evaluation {
    if (this.#expansions.length === 0) return evaluation;
    const diagnostics = evaluation.diagnostics.map((one) => (one.fileName === undefined ? this.#moved(one) : one));
    return { ...evaluation, source: this.#code, diagnostics: diagnostics.filter(isFirst) };
  }

  #moved(diagnostic: Diagnostic): Diagnostic {
    const [from, to] = this.#spanInCell([offsetOf(this.text, diagnostic.start), offsetOf(this.text, diagnostic.end)]);
    const place = { start: positionAt(this.#code, from), end: positionAt(this.#code, to) };
    return { ...diagnostic, ...place, messageText: this.#messageFor(diagnostic, from) };
  }

  /**
   * The message of a diagnostic. Those about the `await` of an expansion are reworded, since the user has not
   * written it.
   */
  #messageFor({ messageText, start }: Diagnostic, from: number): string {
    const offset = offsetOf(this.text, start);
    const magic = this.#expansions.find((one) => one.from <= offset && offset <= one.to)?.magic;
    if (magic?.start !== from || !/\bawait\b/.test(messageText)) return messageText;
    const written = magic.sign === "%" ? `%${magic.name}` : magic.sign;
    return `${written} has to wait: write it at the top level of a cell or in an async function`;
  }

  /** Maps a span of the text to the cell. */
  #spanInCell([from, to]: Span): Span {
    const expansion = this.#expansions.findLast((one) => one.from <= from);
    if (!expansion) return [from, to];
    const { magic } = expansion;
    if (from > expansion.to) {
      const shift = endOf(magic, this.#code) - expansion.to;
      return [from + shift, to + shift];
    }
    const given: Span = magic.kind === "cell" ? [magic.end, this.#code.length] : [magic.argsStart, magic.end];
    const within: Span = [from - expansion.from, to - expansion.from];
    return sameText(expansion.text, within, this.#code, given) ?? [magic.start, magic.end];
  }
}

/** Drops repeated diagnostics: an expansion may contain a word of its magic several times. */
function isFirst(diagnostic: Diagnostic, index: number, all: readonly Diagnostic[]): boolean {
  return all.findIndex((one) => isDeepStrictEqual(one, diagnostic)) === index;
}

function endOf({ kind, end }: FoundMagic, code: string): number {
  return kind === "cell" ? code.length : end;
}

/**
 * Finds the span of `text` in the range `given` of the code. If the range contains the same words several
 * times, the occurrence is chosen by counting from the end, because generated code comes before the user's.
 */
function sameText(text: string, [from, to]: Span, code: string, [start, end]: Span): Span | undefined {
  const words = text.slice(from, to);
  if (words === "") return undefined;
  const occurrencesAfter = text.slice(to).split(words).length - 1;
  const places: number[] = [];
  for (let at = code.indexOf(words, start); at >= 0 && at + words.length <= end; at = code.indexOf(words, at + 1)) {
    places.push(at);
  }
  const place = places.at(-1 - occurrencesAfter) ?? places[0];
  return place === undefined ? undefined : [place, place + words.length];
}

function offsetOf(text: string, { line, character }: Diagnostic["start"]): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf("\n", offset) + 1;
  return offset + character;
}

function positionAt(code: string, offset: number): Diagnostic["start"] {
  const before = code.slice(0, offset).split("\n");
  return { offset, line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}
