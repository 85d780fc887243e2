/** Translates a cell with magics to TypeScript, line by line, so that errors keep their line numbers. */

import { wordsOf } from "../compiler/parser";
import type { Cell } from "../output/cell";
import type { CompletionInfo, QuickInfo } from "../tslabAdapter";
import { CellTranslation, type Expansion } from "./cellTranslation";
import { type FoundMagic, findMagics, HELP_MAGIC, maskMagics, mayHaveMagics } from "./findMagics";
import { KERNEL_API, type Magic, type MagicContext, type MagicRegistry, prefixedName } from "./magicRegistry";
import { helpText, type MagicNotebook, NameHelpDesk } from "./nameHelpDesk";

const NO_NOTEBOOK: MagicNotebook = { inspect: async () => undefined, forget: () => {}, inputs: () => [] };

/** Finds, expands, completes and runs the magics of cells. */
export class MagicTranslator {
  readonly #load: () => MagicRegistry;
  #loaded: MagicRegistry | undefined;
  readonly #values: () => ReadonlyMap<string, unknown>;
  readonly #notebook: MagicNotebook;
  /** Answers `name?` and `help(...)`. */
  readonly help: NameHelpDesk;
  #library: ReadonlyMap<string, unknown> = new Map();

  /**
   * @param load Called when the magics are needed for the first time.
   * @param values All names of the notebook and their values, those of the library included.
   */
  constructor(
    load: () => MagicRegistry,
    values: () => ReadonlyMap<string, unknown>,
    notebook: MagicNotebook = NO_NOTEBOOK,
  ) {
    this.#load = load;
    this.#values = values;
    this.#notebook = notebook;
    this.help = new NameHelpDesk(() => this.registry, values, notebook);
  }

  /** The names that the notebook has by now are those of the library, which no user declared. */
  libraryIsLoaded(): void {
    this.#library = this.#values();
  }

  /** The registered magics. */
  get registry(): MagicRegistry {
    this.#loaded ??= this.#load();
    return this.#loaded;
  }

  /** The magics of a cell, in order. */
  find(code: string): FoundMagic[] {
    if (!mayHaveMagics(code)) return [];
    let values: ReadonlyMap<string, unknown> | undefined;
    const found = findMagics(code, (word) => {
      values ??= this.#values();
      // A call of the library's own `help` is a question about a name.
      const isLibrarys = word === "help" && values.get(word) === this.#library.get(word);
      return values.has(word) && !isLibrarys;
    });
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
        expansions.push({ magic, text: await this.#expand(magic, cell) });
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
    for (const { kind, sign, name, args, start, argsStart, end } of magics) {
      if (!this.registry[kind](name)?.expressions) continue;
      const endOfArgs = sign === "?" ? argsStart + args.length : end;
      const [from, to] = kind === "cell" ? [end, code.length] : [argsStart, endOfArgs];
      const rest = " ".repeat(kind === "cell" ? 0 : end - to);
      text = `${text.slice(0, start)}${" ".repeat(from - start)}${code.slice(from, to)}${rest}${text.slice(to + rest.length)}`;
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
    const found = this.find(code).find(
      ({ sign, start, argsStart }) => sign !== "?" && start <= position && position <= argsStart,
    );
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

  /**
   * The context for a magic in this cell; without a cell, nothing is printed and nothing aborts.
   * @param before The code of the cell before the magic.
   */
  context(cell: Cell | undefined, before = ""): MagicContext {
    const notebook = this.#notebook;
    const all = this.#values();
    return {
      print: (text) => cell?.stream("stdout", `${text}\n`),
      values: new Map([...all].filter(([name, value]) => this.#library.get(name) !== value)),
      signal: cell?.signal ?? new AbortController().signal,
      isName: (word) => all.has(word) || wordsOf(before).has(word),
      forget: (names) => notebook.forget(names),
    };
  }

  async #expand(found: FoundMagic, cell: Cell): Promise<string> {
    const context = this.context(cell, cell.code.slice(0, found.start));
    const magic: Magic | undefined =
      found.kind === "cell" ? this.registry.cell(found.name) : this.registry.line(found.name);
    if (found.asksHelp) {
      this.help.printMagic(found, context);
      return "";
    }
    if (found.name === HELP_MAGIC) return this.#helpText(found, cell, context);
    if (!magic) throw this.registry.unknown(found.kind, found.name);
    if (magic.kind === "cell") return magic.expand(found.args, found.body, context);
    // One line of the cell must stay one line, and several lines of a shell command several.
    const lines = "\n".repeat(found.args.split("\n").length - 1);
    if (magic.expand) return joinedLines(await magic.expand(found.args, context)) + lines;
    const [name, args] = [JSON.stringify(found.name), JSON.stringify(found.args)];
    return `await ${KERNEL_API}.runMagic(${name}, ${args});${lines}`;
  }

  /** TypeScript that shows the help about the name in `name?`. */
  async #helpText({ args, argsStart }: FoundMagic, cell: Cell, context: MagicContext): Promise<string> {
    const inspect = (): Promise<QuickInfo | undefined> =>
      this.#notebook.inspect(this.asCode(cell.code), argsStart + args.length - 1);
    const info = await this.help.infoOf(args, inspect, context);
    if (info === "magic") return "";
    const call = `showHelp(${JSON.stringify(args)}, ${JSON.stringify(info ?? null)})`;
    return `await ${KERNEL_API}.${call};`;
  }
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
