/** The language service of one notebook: checks, compiles, executes, completes and inspects its cells. */

import path from "node:path";
import type ts from "typescript";
import { errorText } from "../../lib/errors";
import type { CompletionInfo, ConvertResult, Diagnostic, IsComplete, QuickInfo } from "../tslabAdapter";
import { CellRuntime, VALUE } from "./cellRuntime";
import { Cells } from "./cells";
import { CellChecker, type CheckedCell } from "./check";
import { Completer } from "./completion";
import { cellMessage } from "./diagnostics";
import { compileCell } from "./emitCell";
import { compileFile, withoutDeclaredMembers } from "./emitFile";
import { isInside, slashes } from "./folders";
import { Freezer } from "./freeze";
import { inspectAt } from "./inspection";
import { spellingSuggestion } from "./internals";
import { isComplete } from "./isComplete";
import { type Compiled, ModuleLoader } from "./modules";
import { Project } from "./project";
import { analyseCell, type CellSource } from "./source";
import { StackMapper } from "./stack";
import type { NotebookWords } from "./wording";
import type { Workspace } from "./workspace";

/** What the compiler needs of its session. */
export interface NotebookCompilerHost {
  /** Called within `convert`, before the cell runs, with warnings that do not stop it. */
  warn(warnings: readonly Diagnostic[]): void;
  /** The signal that aborts when the user interrupts the running cell. */
  currentSignal(): AbortSignal | undefined;
}

/**
 * Cells that use what most cells use, so that it is parsed, bound and compiled to machine code before the
 * first cell.
 */
const WARM_CELLS = [
  "import * as lab from 'secop-lab'; const warm = [1].map((n) => n + 1); await Promise.resolve(`n`); console.log(warm);",
  "let a: number = 1; function f(x: string): void {}\nclass A { b = 1 }\n{ a, f }",
  "for (const c of [1, 2]) console.log(c);\nawait import('node:fs')",
];

/** Implements `NotebookLanguageService` with TypeScript's language service. */
export class NotebookCompiler {
  readonly #workspace: Workspace;
  readonly #host: NotebookCompilerHost;
  readonly #cells = new Cells();
  readonly #project: Project;
  readonly #checker: CellChecker;
  readonly #completer: Completer;
  readonly #freezer: Freezer;
  readonly #stack: StackMapper;
  readonly #runtime: CellRuntime;
  /** The user's names for the cells. */
  readonly #labels = new Map<string, string>();
  readonly #augmenting = new Map<string, string>();
  readonly #words: NotebookWords = {
    cellName: (cell) => this.#labels.get(cell) ?? "this cell",
    lostIn: (name) => this.#cells.lost.get(name),
    similarTo: (name) => spellingSuggestion(name, [...this.#cells.names.keys()]),
    elementOf: (name) => this.#cells.names.get(name)?.element,
    isOutdated: (file) => this.#project.resolver.versions.isOutdated(file),
  };
  #latest: CellSource | undefined;
  #count = 0;
  #shownCount = 0;
  #closed = false;

  constructor(workspace: Workspace, host: NotebookCompilerHost) {
    this.#workspace = workspace;
    this.#host = host;
    this.#project = new Project(workspace);
    this.#checker = new CellChecker(workspace, this.#project, this.#cells, this.#words);
    this.#completer = new Completer(this.#project, this.#cells, workspace);
    this.#freezer = new Freezer(this.#project, this.#cells);
    this.#stack = new StackMapper((file) => ownScript(workspace, slashes(file)));
    const { resolver, service } = this.#project;
    const compile = (name: string, file: string, text: string): Compiled => {
      const parsed: ts.SourceFile | undefined = service.getProgram()?.getSourceFile(name);
      return compileFile(
        parsed === undefined ? text : withoutDeclaredMembers(parsed),
        file,
        workspace.settings.options,
      );
    };
    const loader = new ModuleLoader(workspace, resolver, this.#stack, compile);
    this.#runtime = new CellRuntime(this.#cells, loader, () => host.currentSignal());
    this.#stack.install();
  }

  /** Sets the number of the next cell, see `NotebookLanguageService`. */
  setCellNumber(count: number): void {
    this.#shownCount = count - 1;
  }

  values(): ReadonlyMap<string, unknown> {
    return this.#cells.values();
  }

  /** The running cell goes on after its interrupt, see `NotebookLanguageService`. */
  goOn(until: () => string | undefined, isAwaited = false): void {
    this.#runtime.goOn(until, isAwaited);
  }

  /** See `NotebookLanguageService.forget`. */
  forget(names: readonly string[]): void {
    this.#cells.forget(names);
  }

  /** Builds the first program in slices, see `NotebookLanguageService`. */
  *warmSteps(): Generator<void> {
    for (const code of WARM_CELLS) {
      yield* this.load(code);
      yield;
      if (this.#closed) return;
      this.#warmBy(code);
    }
  }

  /** Loads the types of imports in slices, see `NotebookLanguageService`. */
  *load(code: string): Generator<void> {
    try {
      const source = this.#analysed(code);
      if (source.specifiers.length === 0) return;
      const slices = this.#checker.load(source);
      while (!this.#closed && !slices.next().done) yield;
    } catch {
      // Ignore errors in the text: they are reported when it is used.
    }
  }

  convert(_declarations: string, code: string): ConvertResult {
    try {
      return this.#convert(code);
    } catch (error) {
      const text = `the cell could not be compiled: ${errorText(error)}. Please report it with the cell.`;
      return { diagnostics: [cellMessage(code, { start: 0, end: code.length }, text)] };
    }
  }

  complete(_declarations: string, code: string, position: number): CompletionInfo {
    const nothing: CompletionInfo = { start: position, end: position, candidates: [], kinds: [] };
    return answered(nothing, () => this.#completer.at(this.#analysed(code), position));
  }

  inspect(_declarations: string, code: string, position: number): QuickInfo | undefined {
    return answered(undefined, () =>
      inspectAt(this.#project, this.#cells, this.#analysed(code), position, this.#words),
    );
  }

  isComplete(code: string): IsComplete {
    return answered({ status: "invalid" }, () => isComplete(code));
  }

  addModule(name: string, content: string): Diagnostic[] {
    const text = `cells that are modules are not supported: write the code to ${name.replace(/\.ts$/, "")}.ts and import it`;
    return [cellMessage(content, { start: 0, end: content.length }, text)];
  }

  close(): void {
    this.#closed = true;
    this.#freezer.dispose();
    this.#runtime.dispose();
    this.#stack.uninstall();
    this.#project.service.dispose();
  }

  #warmBy(code: string): void {
    const source = this.#analysed(code);
    const checked = this.#checker.check(source);
    compileCell(source, checked);
    checked.program.emit(checked.file, () => undefined, undefined, true);
    compileFile(code, "file.ts", this.#workspace.settings.options);
    this.#completer.at(source, code.length);
  }

  #convert(code: string): ConvertResult {
    this.#shownCount += 1;
    this.#runtime.settle();
    const source = this.#analysed(code);
    const checked = this.#checker.check(source);
    const label = `In[${this.#shownCount}]`;
    if (checked.errors.length > 0) {
      this.#cells.lose(label, source.declared);
      return { diagnostics: checked.errors };
    }
    const cell = `__cell_${++this.#count}`;
    const file = this.#project.resolver.cellFile(cell);
    const { js, map, modules, reexported } = compileCell(source, checked);
    this.#keep(cell, file, source, checked);
    this.#labels.set(cell, label);
    this.#stack.add(cell, { label, map: () => map, text: source.text, linesBefore: 1, toCode: source.toCode });
    const output = this.#runtime.prepare({
      name: cell,
      label,
      file,
      declared: checked.declared,
      js,
      modules,
      reexported,
    });
    if (checked.warnings.length > 0) this.#host.warn(checked.warnings);
    return {
      output,
      declOutput: cell,
      hasToplevelAwait: true,
      diagnostics: [],
      ...(source.hasValue ? { lastExpressionVar: VALUE } : {}),
    };
  }

  /** The analysis of a text. The last one is kept, because a text is loaded before it is used. */
  #analysed(code: string): CellSource {
    if (this.#latest?.code !== code) this.#latest = analyseCell(code);
    return this.#latest;
  }

  /** Makes the checked text a module, from which later cells import. */
  #keep(cell: string, file: string, source: CellSource, { declared, program }: CheckedCell): void {
    const { resolver, current } = this.#project;
    resolver.keepPins(cell);
    if (declared.length === 0 && source.augments === undefined) return;
    this.#project.write(file, this.#project.text(current) ?? "");
    if (source.augments !== undefined) {
      const replaced = this.#augmenting.get(source.augments);
      if (replaced !== undefined) this.#freezer.drop(replaced);
      this.#augmenting.set(source.augments, cell);
      this.#project.addRoot(file);
    }
    this.#freezer.add(cell, file, program, source.augments !== undefined);
  }
}

/**
 * The result of `ask`, or `nothing` if the compiler fails, for example at code that is nested too deeply for
 * its stack.
 */
function answered<T>(nothing: T, ask: () => T): T {
  try {
    return ask();
  } catch {
    return nothing;
  }
}

/**
 * The name of a JavaScript file of the workspace, whose frames belong to the user; undefined for our files
 * and packages.
 */
function ownScript({ folder, packageRoot }: Workspace, file: string): string | undefined {
  const ours = ["dist", "lib", "kernel", "node_modules"].some((name) => isInside(file, `${packageRoot}/${name}`));
  if (ours || !isInside(file, folder) || file.includes("/node_modules/")) return undefined;
  return path.posix.relative(folder, file);
}
