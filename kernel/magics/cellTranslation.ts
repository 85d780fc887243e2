/** What a cell with magics became, and the way back: errors are told where and as the person wrote. */

import { isDeepStrictEqual } from "node:util";
import type { Evaluation } from "../output/evaluation";
import type { Diagnostic } from "../tslabAdapter";
import type { FoundMagic } from "./findMagics";

/** One magic and the TypeScript that stands in its place. */
export interface Expansion {
  readonly magic: FoundMagic;
  readonly text: string;
}

type Span = readonly [from: number, to: number];

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

  /** The evaluation of `text` with its diagnostics in the cell as it was written. */
  inCell(evaluation: Evaluation): Evaluation {
    if (this.#expansions.length === 0) return evaluation;
    const diagnostics = evaluation.diagnostics.map((one) => (one.fileName === undefined ? this.#moved(one) : one));
    return { ...evaluation, source: this.#code, diagnostics: diagnostics.filter(isFirst) };
  }

  #moved(diagnostic: Diagnostic): Diagnostic {
    const [from, to] = this.#span([offsetOf(this.text, diagnostic.start), offsetOf(this.text, diagnostic.end)]);
    const place = { start: positionAt(this.#code, from), end: positionAt(this.#code, to) };
    return { ...diagnostic, ...place, messageText: this.#worded(diagnostic, from) };
  }

  /** The person has not written the `await` that a magic becomes. */
  #worded({ messageText, start }: Diagnostic, from: number): string {
    const offset = offsetOf(this.text, start);
    const magic = this.#expansions.find((one) => one.from <= offset && offset <= one.to)?.magic;
    if (magic?.start !== from || !/\bawait\b/.test(messageText)) return messageText;
    return `%${magic.name} waits for something: it can stand at the top level of a cell, or in an async function`;
  }

  /** The place in the cell of a place in the text. */
  #span([from, to]: Span): Span {
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

/** A word of a magic may stand in several places of its text. */
function isFirst(diagnostic: Diagnostic, index: number, all: readonly Diagnostic[]): boolean {
  return all.findIndex((one) => isDeepStrictEqual(one, diagnostic)) === index;
}

function endOf({ kind, end }: FoundMagic, code: string): number {
  return kind === "cell" ? code.length : end;
}

/** Where the words of `text` at `span` stand within `given` of the code; counted from the end, since what is generated comes first. */
function sameText(text: string, [from, to]: Span, code: string, [start, end]: Span): Span | undefined {
  const words = text.slice(from, to);
  if (words === "") return undefined;
  const behind = text.slice(to).split(words).length - 1;
  const places: number[] = [];
  for (let at = code.indexOf(words, start); at >= 0 && at + words.length <= end; at = code.indexOf(words, at + 1)) {
    places.push(at);
  }
  const place = places.at(-1 - behind) ?? places[0];
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
