/** Completion, inspection and is_complete of cells, as Jupyter asks for them: positions in code points, replies as message contents. */

import { maskMagics } from "../magics/find";
import type { MagicTranslator } from "../magics/translate";
import type { CompletionInfo, IsComplete, QuickInfo } from "../tslabAdapter";
import type { CellExecutor } from "./cellExecutor";

export class CodeAssistant {
  readonly #executor: CellExecutor;
  readonly #magics: MagicTranslator;

  constructor(executor: CellExecutor, magics: MagicTranslator) {
    this.#executor = executor;
    this.#magics = magics;
  }

  isComplete(code: string): IsComplete {
    const magics = this.#magics.find(code);
    if (magics[0]?.kind === "cell") {
      // As in IPython's console: a blank line ends it.
      return /\n\s*\n$/.test(code) ? { status: "complete" } : { status: "incomplete", indent: "" };
    }
    return this.#executor.isComplete(maskMagics(code, magics));
  }

  /** The content of a complete_reply. */
  async complete(code: string, cursor: number): Promise<object> {
    const position = toUnits(code, cursor);
    const found = (await this.#magics.complete(code, position)) ?? (await this.#completeCode(code, position));
    const start = toPoints(code, found.start);
    const end = toPoints(code, found.end);
    const types = found.candidates.map((text, i) => ({ start, end, text, type: found.kinds?.[i] ?? "" }));
    return {
      matches: found.candidates,
      cursor_start: start,
      cursor_end: end,
      metadata: { _jupyter_types_experimental: types },
    };
  }

  /** The content of an inspect_reply. */
  async inspect(code: string, cursor: number): Promise<object> {
    const position = toUnits(code, cursor);
    const help = this.#magics.helpAt(code, position);
    if (help !== undefined) return { found: true, data: { "text/plain": help }, metadata: {} };
    const info = await this.#executor.inspect(this.#magics.asCode(code), position);
    return info ? { found: true, data: quickInfoBundle(info), metadata: {} } : { found: false, data: {}, metadata: {} };
  }

  #completeCode(code: string, position: number): Promise<CompletionInfo> {
    return this.#executor.complete(this.#magics.asCode(code), position);
  }
}

/** A position in code points, as Jupyter counts, in UTF-16 units. */
function toUnits(text: string, points: number): number {
  let units = 0;
  for (let i = 0; i < points && units < text.length; i++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

function toPoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}

function quickInfoBundle(info: QuickInfo): Record<string, string> {
  const join = (parts: readonly { readonly text: string }[] = []): string => parts.map(({ text }) => text).join("");
  const signature = join(info.displayParts);
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: join(text) }));
  const docs = join(info.documentation);
  const plain = [signature, docs, ...tags.map(({ name, text }) => `@${name} ${text}`)];
  const markdown = [`\`\`\`ts\n${signature}\n\`\`\``, docs, ...tags.map(({ name, text }) => `*@${name}* ${text}`)];
  const nonEmpty = (lines: readonly string[]): string => lines.filter((line) => line !== "").join("\n\n");
  return { "text/plain": nonEmpty(plain), "text/markdown": nonEmpty(markdown) };
}
