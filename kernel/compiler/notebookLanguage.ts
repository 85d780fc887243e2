/** The language service of a notebook: has its cells checked by a child process, and compiles them. */

import path from "node:path";
import { errorText, UsageError } from "../../lib/errors";
import { CellModules } from "../modules/cellModules";
import { CellRuntime, VALUE } from "../modules/cellRuntime";
import type { DeclaredName } from "../modules/declaredNames";
import { isInside, slashes } from "../modules/folders";
import { ModuleLoader } from "../modules/moduleLoader";
import type { Namespace } from "../modules/namespaces";
import { SourceResolver } from "../modules/sourceResolver";
import { isVersionedSpecifier } from "../modules/sourceVersions";
import { StackMapper } from "../modules/stackTraces";
import { NotebookWorkspace } from "../modules/workspace";
import type { CompletionInfo, ConvertResult, Diagnostic, IsComplete, QuickInfo, TslabConverter } from "../tslabAdapter";
import { CellChecker } from "./cellChecker";
import { analyseCell, type CellText } from "./cellText";
import { CheckerApi } from "./checkerApi";
import { compileCell } from "./compileCell";
import { isCompleteCell } from "./completeness";
import { type CodeQuestion, KeptAnswers } from "./keptAnswers";
import { LanguageServer } from "./languageServer";
import { Layers } from "./layers";
import { NestedTooDeep } from "./nesting";
import type { NotebookLanguageOptions } from "./notebookLanguageOptions";
import { type PreparedCell, prepareCell, type RunnableCell, refusedCell } from "./preparedCell";
import { Questions } from "./questions";
import { cellNotice } from "./serverDiagnostics";
import { spelledLike } from "./spelling";
import { compileSource } from "./transform";
import { layerItems, withSpecifiers } from "./typeTexts";
import type { NotebookWords } from "./wording";

/** Names that every cell can use without an import, from a module that is loaded when one of them is used. */
export interface ProvidedNames {
  /** The statement that exports the names: `export * from "secop-lab";`. */
  readonly exportedBy: (specifier: (id: string) => string) => string;
  readonly names: readonly Pick<DeclaredName, "name" | "kind" | "element">[];
  load(): Namespace;
}

/** Uses what most cells use, so that it is loaded and compiled to machine code before the first cell. */
const WARM_CELL =
  "const warm = [1].map((n) => n + 1); await Promise.resolve(`n`); console.log(warm);\nclass A { b = 1 }\n{ A, warm }";

/**
 * Checks, compiles, completes and inspects the cells of one notebook. It extends tslab's interface of a
 * converter; `convert` has to be called in the async context of the cell that will run, see `currentCell()`.
 *
 * Make one service per notebook and give it to tslab's executor as its converter for Node. For each cell wait
 * for `load`, then call `setCellNumber` and `executor.execute(code)` at once. `convert` returns errors, and
 * then nothing runs; warnings go to the option `warn`.
 *
 * Positions are UTF-16 units. Magics have to be masked before. `error.stack` is already in terms of cells. An
 * interrupted cell needs no call: the names that it declares until the next cell starts stay (see `goOn`).
 * Files of the workspace are read again when a cell imports them again, but the own imports of JavaScript
 * files are not.
 */
export class NotebookLanguage implements TslabConverter {
  readonly #workspace: NotebookWorkspace;
  readonly #warn: (warnings: readonly Diagnostic[]) => void;
  readonly #server: LanguageServer;
  readonly #api: CheckerApi;
  readonly #resolver: SourceResolver;
  readonly #cells: CellModules;
  readonly #layers: Layers;
  readonly #checker: CellChecker;
  readonly #questions: Questions;
  readonly #stack: StackMapper;
  readonly #loader: ModuleLoader;
  readonly #runtime: CellRuntime;
  /** The names of the cells to the user. */
  readonly #labels = new Map<string, string>();
  readonly #accepted = new Map<string, RunnableCell>();
  readonly #answers = new KeptAnswers();
  readonly #words: NotebookWords = {
    cellName: (cell) => this.#labels.get(cell) ?? "this cell",
    lostIn: (name) => this.#cells.lost.get(name),
    similarTo: (name) => spelledLike(name, this.#cells.names.keys()),
    elementOf: (name) => this.#cells.names.get(name)?.element,
    isOutdated: (file) => this.#resolver.versions.isOutdated(file),
  };
  #prepared: PreparedCell | undefined;
  /** What earlier cells left is being taken in. */
  #pending: Promise<void> = Promise.resolve();
  #checking: Promise<void> = Promise.resolve();
  #latest: CellText | undefined;
  #provided: ProvidedNames | undefined;
  /** How many steps of `warm` are taken. */
  #warmed = 0;
  #count = 0;
  #shownCount = 0;
  #closed = false;

  constructor(options: NotebookLanguageOptions = {}) {
    const { warn = () => {}, currentSignal = () => undefined } = options;
    const workspace = new NotebookWorkspace(options.workspace ?? process.cwd(), options.packageRoot);
    this.#workspace = workspace;
    this.#warn = warn;
    const { folder } = workspace;
    this.#server = new LanguageServer(folder);
    this.#api = new CheckerApi(this.#server, `${folder}/tsconfig.json`);
    this.#resolver = new SourceResolver(workspace);
    this.#cells = new CellModules((cell, names) => this.#leave(cell, names));
    this.#layers = new Layers(this.#server, folder);
    const parts = {
      workspace,
      server: this.#server,
      api: this.#api,
      resolver: this.#resolver,
      cells: this.#cells,
      layers: this.#layers,
      words: this.#words,
      cellOf: this.#layers.cellOf,
    };
    this.#checker = new CellChecker(parts);
    this.#questions = new Questions({ ...parts, checker: this.#checker });
    this.#checker.open();
    this.#questions.open();
    // The compiler builds its first program while the kernel starts.
    this.#server.diagnostics(this.#questions.file).catch(() => {});
    this.#stack = new StackMapper((file) => ownScript(workspace, slashes(file)));
    const compile = (file: string, text: string) => compileSource(text, file, workspace.options);
    this.#loader = new ModuleLoader(workspace, this.#resolver, this.#stack, compile);
    this.#runtime = new CellRuntime(this.#cells, this.#loader, currentSignal);
    this.#stack.install();
  }

  /** Sets the number of the next cell, `In[count]`. Without a call, cells are numbered from 1. */
  setCellNumber(count: number): void {
    this.#shownCount = count - 1;
  }

  /** The present values of the names of the notebook. */
  values(): ReadonlyMap<string, unknown> {
    return this.#cells.values();
  }

  /**
   * The running cell was interrupted but goes on: it declares all its names, also those that its code has not
   * come to. Such a name throws when it is used: "run is there when", followed by what `until` returns.
   *
   * @param isAwaited Whether the cell was not interrupted: another one starts beside it, and it gives its
   * value or its error as usual.
   */
  goOn(until: () => string | undefined, isAwaited = false): void {
    this.#runtime.goOn(until, isAwaited);
  }

  /** Code was stopped by force: modules that it was loading are loaded anew when they are imported again. */
  forgetUnfinishedModules(): void {
    this.#loader.forgetUnfinished();
  }

  /** Lets every cell use names that no cell has declared; call it before the first cell. */
  provide(provided: ProvidedNames): void {
    const { exportedBy, names, load } = provided;
    this.#provided = provided;
    const cell = `__cell_${++this.#count}`;
    const declared = names.map((name) => ({ ...name, origin: "reexport" as const, start: 0, evolving: false }));
    this.#cells.provide(cell, declared, load);
    const words = names.map(({ name }) => name);
    this.#layers.provide(words, cell, () => exportedBy((id) => this.#checker.specifier(id)));
  }

  /** What code would declare as a cell. Nothing of it runs. */
  async declaredBy(code: string): Promise<readonly DeclaredName[]> {
    return (await this.#checker.check(analyseCell(code))).declared;
  }

  /**
   * Removes names, so that later cells do not find them and their values can be freed. Provided names that
   * cells had declared anew are there again.
   */
  forget(names: readonly string[]): void {
    this.#cells.forget(names);
    this.#layers.provideAgain(names.filter((name) => this.#cells.names.has(name)));
  }

  /**
   * Has the compiler and this process load what cells will need, step by step. Resolves with whether all
   * steps are taken; another call goes on with those that are left.
   *
   * @param isIdle Asked before each step: nothing more is loaded while a cell runs or waits.
   */
  async warm(isIdle: () => boolean = () => true): Promise<boolean> {
    const steps = [
      () => compileCell(analyseCell(WARM_CELL), [], () => undefined, this.#workspace.options),
      () => this.#answer(WARM_CELL, { about: "completion", position: WARM_CELL.length - 2 }),
      () => this.#api.typeTexts(this.#questions.file, [0]),
      () => this.#provided?.load(),
    ];
    for (const step of steps.slice(this.#warmed)) {
      if (this.#closed || !isIdle()) return false;
      this.#warmed += 1;
      await this.#quietly(async () => void (await step()));
    }
    return true;
  }

  /**
   * Asks the compiler about a cell before `convert` is called, or about the question before `complete` or
   * `inspect` is. Never rejects. Make that call in the same turn as the promise is there.
   */
  load(code: string, question?: CodeQuestion): Promise<void> {
    return this.#quietly(() => (question === undefined ? this.#prepare(code) : this.#answer(code, question)));
  }

  convert(_declarations: string, code: string): ConvertResult {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    this.#shownCount += 1;
    const label = `In[${this.#shownCount}]`;
    if (prepared?.code !== code) {
      return {
        diagnostics: [cellNotice(code, { start: 0, end: code.length }, "the cell was not checked before it ran")],
      };
    }
    if (prepared.compiled === undefined) {
      this.#cells.lose(label, prepared.lost);
      return { diagnostics: [...prepared.errors] };
    }
    const { name: cell, source, accepted, compiled } = prepared;
    const file = this.#resolver.cellFile(cell);
    this.#resolver.keepPins(cell);
    this.#accepted.set(cell, prepared);
    this.#labels.set(cell, label);
    const { js, map, mappedColumn, modules, reexported } = compiled;
    const toCode = (offset: number): number => source.edited.toOriginal(compiled.source.toOriginal(offset));
    this.#stack.add(cell, { label, map, mappedColumn, text: compiled.source.text, toCode });
    const output = this.#runtime.prepare({
      name: cell,
      label,
      file,
      declared: accepted.declared,
      js,
      script: prepared.script,
      modules,
      reexported,
    });
    if (accepted.warnings.length > 0) this.#warn(accepted.warnings);
    return {
      output,
      declOutput: cell,
      hasToplevelAwait: true,
      diagnostics: [],
      ...(source.value === undefined ? {} : { lastExpressionVar: VALUE }),
    };
  }

  complete(_declarations: string, code: string, position: number): CompletionInfo {
    const noCompletions: CompletionInfo = { start: position, end: position, candidates: [], kinds: [] };
    return (this.#answers.take(code, { about: "completion", position }) as CompletionInfo | undefined) ?? noCompletions;
  }

  inspect(_declarations: string, code: string, position: number): QuickInfo | undefined {
    return this.#answers.take(code, { about: "inspection", position }) as QuickInfo | undefined;
  }

  /** Whether the code is ready to run, for consoles. */
  isComplete(code: string): IsComplete {
    try {
      return isCompleteCell(code);
    } catch {
      return { status: "invalid" };
    }
  }

  addModule(name: string, content: string): Diagnostic[] {
    const text = `cells that are modules are not supported: write the code to ${name.replace(/\.ts$/, "")}.ts and import it`;
    return [cellNotice(content, { start: 0, end: content.length }, text)];
  }

  close(): void {
    this.#closed = true;
    this.#runtime.dispose();
    this.#stack.uninstall();
    this.#api.close();
    this.#server.close();
  }

  /** Errors of a text are reported where it is used. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      // The cell or the question has no answer then.
    }
  }

  /** One cell after the other: each is checked against what the one before it left. */
  #prepare(code: string): Promise<void> {
    this.#checking = this.#checking.then(() => this.#check(code));
    return this.#checking;
  }

  async #check(code: string): Promise<void> {
    this.#runtime.settle();
    await this.#pending;
    try {
      const source = this.#analysed(code);
      const checking = this.#checker.check(source);
      // By now the checker has asked the compiler, and knows which files the cell imports.
      this.#loader.compileEarly(this.#resolver.graph(this.#resolver.dependencies(this.#checker.file)));
      const name = `__cell_${++this.#count}`;
      this.#prepared = await prepareCell(name, source, checking, this.#cells, this.#workspace.options);
    } catch (error) {
      const text =
        error instanceof NestedTooDeep || error instanceof UsageError
          ? error.message
          : `the cell could not be compiled: ${errorText(error).replace(/\n\s*Stack backtrace:[\s\S]*/, "")}. Please report it with the cell.`;
      this.#prepared = refusedCell(code, text);
    }
  }

  async #answer(code: string, question: CodeQuestion): Promise<void> {
    await this.#pending;
    const source = this.#analysed(code);
    const answer = await (question.about === "completion"
      ? this.#questions.complete(source, question.position)
      : this.#questions.inspect(source, question.position));
    this.#answers.keep(code, question, answer);
  }

  /** A text is analysed once, although it is loaded first and used then. */
  #analysed(code: string): CellText {
    if (this.#latest?.code !== code) this.#latest = analyseCell(code);
    return this.#latest;
  }

  /** An executed cell has left `names`: later cells are checked against them. */
  #leave(cell: string, names: ReadonlySet<string>): void {
    const prepared = this.#accepted.get(cell);
    this.#accepted.delete(cell);
    if (prepared === undefined) return;
    const { source, accepted } = prepared;
    this.#layers.keepImported(
      [...accepted.written.specifiers].flatMap(([id, written]) =>
        /^[./]/.test(id) || isVersionedSpecifier(written) || !this.#resolver.finds(id) ? [] : [written],
      ),
    );
    if (names.size === 0 && source.augments === undefined) {
      // The cell has failed, so what it would have declared anew stays.
      this.#layers.showAll();
      return;
    }
    const before = this.#pending;
    this.#pending = this.#quietly(async () => {
      await before;
      const types = await accepted.types;
      const kinds = new Map(accepted.own.map((name) => [name.name, name]));
      const own = source.declared.map((name) => kinds.get(name.name) ?? name);
      const isKnown = (name: string): boolean => this.#cells.names.has(name) || kinds.has(name);
      const items = layerItems({ ...source, declared: own }, cell, names, types, isKnown, accepted.stars);
      const written = items.map((item) => ({
        ...item,
        source: withSpecifiers(item.source, accepted.written.specifiers),
      }));
      this.#layers.commit(written, source.augments?.key);
      await this.#server.flush(this.#checker.file);
    });
  }
}

/** Plain JavaScript of the workspace runs as it is; its frames are the user's. Ours and packages' are not. */
function ownScript({ folder, packageRoot }: NotebookWorkspace, file: string): string | undefined {
  const ours = ["dist", "lib", "kernel", "node_modules"].some((name) => isInside(file, `${packageRoot}/${name}`));
  if (ours || !isInside(file, folder) || file.includes("/node_modules/")) return undefined;
  return path.posix.relative(folder, file);
}
