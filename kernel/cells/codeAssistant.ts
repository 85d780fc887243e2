/** Answers Jupyter's questions about code: completion, inspection, and whether code is complete. */

// Jupyter counts positions in code points, TypeScript in UTF-16 units.

import { maskMagics } from "../magics/findMagics";
import type { MagicTranslator } from "../magics/index";
import type { CompletionInfo, IsComplete, QuickInfo } from "../tslabAdapter";
import type { CellExecutor } from "./cellExecutor";
import { liveMembers } from "./liveMembers";

/** Answers questions about the code of a cell, magics included. */
export class CodeAssistant {
  readonly #executor: CellExecutor;
  readonly #magics: MagicTranslator;

  constructor(executor: CellExecutor, magics: MagicTranslator) {
    this.#executor = executor;
    this.#magics = magics;
  }

  /** The content of an is_complete_reply. */
  isComplete(code: string): IsComplete {
    const magics = this.#magics.find(code);
    if (magics[0]?.kind === "cell") {
      // A blank line ends a cell magic, as in IPython's console.
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
    const types = found.candidates.map((text, i) => ({
      start,
      end,
      text,
      type: found.kinds?.[i] ?? "",
      ...found.details?.[i],
    }));
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

  async #completeCode(code: string, position: number): Promise<CompletionInfo> {
    const text = this.#magics.asCode(code);
    const found = await this.#executor.complete(text, position);
    // The type checker knows no members of `any`; the value does.
    return found.candidates.length > 0 ? found : (liveMembers(text, position, this.#executor.values()) ?? found);
  }
}

/** Converts a position from code points to UTF-16 units. */
function toUnits(text: string, points: number): number {
  let units = 0;
  for (let i = 0; i < points && units < text.length; i++) units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  return units;
}

/** Converts a position from UTF-16 units to code points. */
function toPoints(text: string, units: number): number {
  return [...text.slice(0, units)].length;
}

/** The help for a name, as text and as Markdown. */
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
