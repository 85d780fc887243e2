/** Translates a cell with magics to TypeScript, line by line, so that errors keep their line numbers. */

import type { Cell } from "../output/cell";
import type { CompletionInfo } from "../tslabAdapter";
import { CellTranslation, type Expansion } from "./cellTranslation";
import { type FoundMagic, findMagics, maskMagics } from "./findMagics";
import { type Magic, type MagicContext, type MagicRegistry, prefixedName } from "./magicRegistry";

/** Finds, expands, completes and runs the magics of cells. */
export class MagicTranslator {
  readonly #load: () => MagicRegistry;
  #loaded: MagicRegistry | undefined;
  readonly #values: () => ReadonlyMap<string, unknown>;

  /**
   * `load` is called when the magics are needed for the first time; `values` gives the variables of the
   * notebook.
   */
  constructor(load: () => MagicRegistry, values: () => ReadonlyMap<string, unknown>) {
    this.#load = load;
    this.#values = values;
  }

  /** The registered magics. */
  get registry(): MagicRegistry {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** The magics of a cell, in order. */
  find(code: string): FoundMagic[] {
    if (!code.includes("%")) return [];
    const found = findMagics(code, (word) => this.#values().has(word));
    const [first] = found;
    // The cell starts with `%` and the name of a cell magic: the user meant `%%`.
    const isCell = first?.kind === "line" && !this.registry.line(first.name) && this.registry.cell(first.name);
    if (!first || !isCell || code.slice(0, first.start).trim() !== "") return found;
    return [{ ...first, kind: "cell", body: code.slice(first.start).replace(/^.*\n?/, "") }];
  }

  /**
   * Translates a cell. Throws UsageError for a magic that does not exist or does not accept its arguments.
   */
  async translate(cell: Cell): Promise<CellTranslation> {
    const expansions: Expansion[] = [];
    for (const magic of this.find(cell.code)) {
      try {
        expansions.push({ magic, text: await this.#expand(magic, this.context(cell)) });
      } catch (error) {
        throw atMagic(error, cell, magic);
      }
    }
    return new CellTranslation(cell.code, expansions);
  }

  /**
   * The cell as TypeScript of the same length: magics become comments, except for arguments that are
   * TypeScript.
   */
  asCode(code: string): string {
    const magics = this.find(code);
    let text = maskMagics(code, magics);
    for (const { kind, name, start, argsStart, end } of magics) {
      if (!this.registry[kind](name)?.expressions) continue;
      const [from, to] = kind === "cell" ? [end, code.length] : [argsStart, end];
      text = `${text.slice(0, start)}${" ".repeat(from - start)}${code.slice(from, to)}${text.slice(to)}`;
    }
    return text;
  }

  /**
   * The completions of a magic's name or arguments at `position`; undefined if TypeScript has to complete.
   */
  async complete(code: string, position: number): Promise<CompletionInfo | undefined> {
    const line = code.slice(code.lastIndexOf("\n", position - 1) + 1, position);
    const [, sign, word] = /^[ \t]*(%%?)(\w*)$/.exec(line) ?? [];
    if (sign !== undefined && word !== undefined) return this.#completeName(sign, word, position);
    const magic = this.find(code).find(
      ({ kind, argsStart, end }) => argsStart <= position && (kind === "cell" || position <= end),
    );
    const known = magic && this.registry[magic.kind](magic.name);
    if (!magic || !known?.complete) return undefined;
    const { length, matches } = await known.complete(code.slice(magic.argsStart, position), this.context(undefined));
    if (known.expressions && matches.length === 0) return undefined;
    return { start: position - length, end: position, candidates: [...matches], kinds: matches.map(() => "value") };
  }

  /** The help of the magic whose name is at `position`. */
  helpAt(code: string, position: number): string | undefined {
    const found = this.find(code).find(({ start, argsStart }) => start <= position && position <= argsStart);
    const magic = found && this.registry[found.kind](found.name);
    return magic && helpText(magic);
  }

  #completeName(sign: string, word: string, position: number): CompletionInfo {
    const kind = sign === "%%" ? "cell" : "line";
    // A single `%` can still become `%%`, so it is completed to both kinds.
    const signs = this.registry.list().filter((magic) => sign === "%" || magic.kind === kind);
    const candidates = signs.filter(({ name }) => name.startsWith(word)).map((magic) => prefixedName(magic));
    const start = position - word.length - sign.length;
    return { start, end: position, candidates, kinds: candidates.map(() => "magic") };
  }

  /** Runs a line magic that has `run`. */
  async run(name: string, args: string, cell: Cell): Promise<unknown> {
    return this.registry.line(name)?.run?.(args, this.context(cell));
  }

  /** The context for a magic in this cell; without a cell, nothing is printed and nothing aborts. */
  context(cell: Cell | undefined): MagicContext {
    return {
      print: (text) => cell?.stream("stdout", `${text}\n`),
      values: this.#values(),
      signal: cell?.signal ?? new AbortController().signal,
    };
  }

  async #expand(found: FoundMagic, context: MagicContext): Promise<string> {
    const magic: Magic | undefined =
      found.kind === "cell" ? this.registry.cell(found.name) : this.registry.line(found.name);
    if (found.asksHelp) return this.#help(found, context);
    if (!magic) throw this.registry.unknown(found.kind, found.name);
    if (magic.kind === "cell") return magic.expand(found.args, found.body, context);
    if (magic.expand) return joinedLines(await magic.expand(found.args, context));
    const [name, args] = [JSON.stringify(found.name), JSON.stringify(found.args)];
    return `await (globalThis as any)[Symbol.for("secop-lab.kernel")].runMagic(${name}, ${args});`;
  }

  /** Prints the help for `%name?`, of both kinds of magic if both have this name. */
  #help({ name, kind }: FoundMagic, context: MagicContext): string {
    const magics = [this.registry.line(name), this.registry.cell(name)].filter((magic) => magic !== undefined);
    if (magics.length === 0) throw this.registry.unknown(kind, name);
    context.print(magics.map((magic) => helpText(magic)).join("\n\n"));
    return "";
  }
}

/** The usage and the help of a magic. */
export function helpText(magic: Magic): string {
  return `${magic.usage.startsWith("%") ? magic.usage : prefixedName(magic)}\n${magic.help}`;
}

/** Gives an error the stack of the magic's place in the cell, instead of our own. */
function atMagic(error: unknown, { name, code }: Cell, { start }: FoundMagic): unknown {
  if (!(error instanceof Error)) return error;
  const lines = code.slice(0, start).split("\n");
  error.stack = `${error.name}: ${error.message}\n    at ${name}:${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
  return error;
}

/** Joins the lines of an expansion: one line of the cell must stay one line. */
function joinedLines(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
