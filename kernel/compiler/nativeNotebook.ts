/** The cells of one notebook on TypeScript 7: checked by a child process, compiled and executed here. */

import path from "node:path";
import { errorText } from "../../lib/errors";
import { CellRuntime, VALUE } from "../converter/cellRuntime";
import { isInside, slashes } from "../converter/folders";
import type { CodeQuestion } from "../converter/index";
import { ModuleLoader } from "../converter/modules";
import type { NotebookCompilerHost } from "../converter/notebookCompiler";
import { isVersionedSpecifier } from "../converter/sourceVersions";
import { StackMapper } from "../converter/stack";
import type { NotebookWords } from "../converter/wording";
import type { CompletionInfo, ConvertResult, Diagnostic, IsComplete, QuickInfo } from "../tslabAdapter";
import { type AcceptedCell, CellChecker7 } from "./cellChecker";
import { analyseCell, type CellText } from "./cellText";
import { CheckerApi } from "./checkerApi";
import { compileCell, type SwcCell, starMember } from "./compileCell";
import { isCompleteCell } from "./completeness";
import { LanguageServer } from "./languageServer";
import { LayeredCells } from "./layeredCells";
import { Layers } from "./layers";
import { NestedTooDeep } from "./nesting";
import type { CompilerWorkspace } from "./options";
import { Questions } from "./questions";
import { cellNotice } from "./serverDiagnostics";
import { SourceResolver } from "./sourceResolver";
import { spelledLike } from "./spelling";
import { compileSource } from "./transform";
import { layerItems } from "./typeTexts";

interface PreparedCell {
  readonly code: string;
  readonly source: CellText;
  readonly accepted: AcceptedCell;
  /** Not set if there are errors. */
  readonly compiled: SwcCell | undefined;
}

/** Uses what most cells use, so that it is loaded and compiled to machine code before the first cell. */
const WARM_CELL =
  "import * as lab from 'secop-lab'; const warm = [1].map((n) => n + 1); await Promise.resolve(`n`); console.log(warm);\nclass A { b = 1 }\n{ A, warm }";

export class NativeNotebook {
  readonly #workspace: CompilerWorkspace;
  readonly #host: NotebookCompilerHost;
  readonly #server: LanguageServer;
  readonly #api: CheckerApi;
  readonly #resolver: SourceResolver;
  readonly #cells: LayeredCells;
  readonly #layers: Layers;
  readonly #checker: CellChecker7;
  readonly #questions: Questions;
  readonly #stack: StackMapper;
  readonly #runtime: CellRuntime;
  /** The names of the cells to the user. */
  readonly #labels = new Map<string, string>();
  readonly #accepted = new Map<string, PreparedCell>();
  readonly #answers = new Map<string, CompletionInfo | QuickInfo | undefined>();
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
  #count = 0;
  #shownCount = 0;
  #closed = false;

  constructor(workspace: CompilerWorkspace, host: NotebookCompilerHost) {
    this.#workspace = workspace;
    this.#host = host;
    const { folder } = workspace;
    this.#server = new LanguageServer(folder);
    this.#api = new CheckerApi(this.#server, `${folder}/tsconfig.json`);
    this.#resolver = new SourceResolver(workspace);
    this.#cells = new LayeredCells((cell, names) => this.#leave(cell, names));
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
    this.#checker = new CellChecker7(parts);
    this.#questions = new Questions({ ...parts, checker: this.#checker });
    this.#checker.open();
    this.#questions.open();
    this.#stack = new StackMapper((file) => ownScript(workspace, slashes(file)));
    const compile = (_: string, file: string, text: string) => compileSource(text, file, workspace.options);
    const loader = new ModuleLoader(workspace, this.#resolver, this.#stack, compile);
    this.#runtime = new CellRuntime(this.#cells, loader, () => host.currentSignal());
    this.#stack.install();
  }

  /** See `NotebookLanguageService.setCellNumber`. */
  setCellNumber(count: number): void {
    this.#shownCount = count - 1;
  }

  values(): ReadonlyMap<string, unknown> {
    return this.#cells.values();
  }

  /** See `NotebookLanguageService.goOn`. */
  goOn(until: () => string | undefined, isAwaited = false): void {
    this.#runtime.goOn(until, isAwaited);
  }

  /** See `NotebookLanguageService.forget`. */
  forget(names: readonly string[]): void {
    this.#cells.forget(names);
  }

  /** See `NotebookLanguageService.warmSteps`. */
  *warmSteps(): Generator<Promise<void>> {
    const steps = [
      () => this.#server.diagnostics(this.#questions.file),
      () => compileCell(analyseCell(WARM_CELL), [], () => undefined, this.#workspace.options),
      () => this.#answer(WARM_CELL, { about: "completion", position: WARM_CELL.length - 2 }),
      () => this.#api.typeTexts(this.#questions.file, [0]),
    ];
    for (const step of steps) {
      if (this.#closed) return;
      yield this.#quietly(async () => void (await step()));
    }
  }

  /** See `NotebookLanguageService.load`. */
  *load(code: string, question?: CodeQuestion): Generator<Promise<void>> {
    yield this.#quietly(() => (question === undefined ? this.#prepare(code) : this.#answer(code, question)));
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
    const { source, accepted, compiled } = prepared;
    if (compiled === undefined) {
      this.#cells.lose(label, source.declared);
      return { diagnostics: [...accepted.errors] };
    }
    const cell = `__cell_${++this.#count}`;
    const file = this.#resolver.cellFile(cell);
    this.#resolver.keepPins(cell);
    this.#accepted.set(cell, prepared);
    this.#labels.set(cell, label);
    const { js, map, mappedColumn, modules, reexported } = compiled;
    const toCode = (offset: number): number => source.edited.toOriginal(compiled.source.toOriginal(offset));
    this.#stack.add(cell, { label, map, mappedColumn, text: compiled.source.text, linesBefore: 0, toCode });
    const output = this.#runtime.prepare({
      name: cell,
      label,
      file,
      declared: accepted.declared,
      js,
      modules,
      reexported,
    });
    if (accepted.warnings.length > 0) this.#host.warn(accepted.warnings);
    return {
      output,
      declOutput: cell,
      hasToplevelAwait: true,
      diagnostics: [],
      ...(source.value === undefined ? {} : { lastExpressionVar: VALUE }),
    };
  }

  complete(_declarations: string, code: string, position: number): CompletionInfo {
    const nothing: CompletionInfo = { start: position, end: position, candidates: [], kinds: [] };
    return (this.#take(code, { about: "completion", position }) as CompletionInfo | undefined) ?? nothing;
  }

  inspect(_declarations: string, code: string, position: number): QuickInfo | undefined {
    return this.#take(code, { about: "inspection", position }) as QuickInfo | undefined;
  }

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

  /** What is wrong with a text is reported where it is used. */
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
      const accepted = await this.#checker.check(source);
      this.#prepared = { code, source, accepted, compiled: this.#compile(source, accepted) };
    } catch (error) {
      const text =
        error instanceof NestedTooDeep
          ? error.message
          : `the cell could not be compiled: ${errorText(error).replace(/\n\s*Stack backtrace:[\s\S]*/, "")}. Please report it with the cell.`;
      this.#prepared = refused(code, cellNotice(code, { start: 0, end: code.length }, text));
    }
  }

  #compile(source: CellText, accepted: AcceptedCell): SwcCell | undefined {
    if (accepted.errors.length > 0) return undefined;
    const own = new Set([...source.declared.map(({ name }) => name), ...source.disposed]);
    const cellOf = (name: string): string | undefined => {
      const live = own.has(name) ? undefined : this.#cells.names.get(name);
      return live === undefined || live.kind === "type" ? undefined : live.cell;
    };
    const declared = [...accepted.own, ...accepted.declared.filter(({ origin }) => origin === "reexport")];
    const compiled = compileCell(
      source,
      declared.map((name) => ({ comment: "", ...name })),
      cellOf,
      this.#workspace.options,
    );
    for (const name of accepted.stars.flatMap((star) => star.names)) {
      if (!compiled.reexported.has(name) && !own.has(name)) {
        (compiled.reexported as Map<string, string>).set(name, starMember(source.stars, compiled.modules, name));
      }
    }
    return compiled;
  }

  async #answer(code: string, question: CodeQuestion): Promise<void> {
    await this.#pending;
    const source = this.#analysed(code);
    const answer = await (question.about === "completion"
      ? this.#questions.complete(source, question.position)
      : this.#questions.inspect(source, question.position));
    this.#answers.set(keyOf(code, question), answer);
    for (const [oldest] of this.#answers) if (this.#answers.size > 8) this.#answers.delete(oldest);
  }

  #take(code: string, question: CodeQuestion): CompletionInfo | QuickInfo | undefined {
    const key = keyOf(code, question);
    const answer = this.#answers.get(key);
    this.#answers.delete(key);
    return answer;
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
        /^[./]/.test(id) || isVersionedSpecifier(written) ? [] : [written],
      ),
    );
    if (names.size === 0 && source.augments === undefined) return;
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

function keyOf(code: string, { about, position }: CodeQuestion): string {
  return `${about} ${position} ${code}`;
}

function refused(code: string, error: Diagnostic): PreparedCell {
  const accepted = { errors: [error], warnings: [], declared: [], own: [], stars: [] };
  return { code, source: { declared: [] }, accepted, compiled: undefined } as unknown as PreparedCell;
}

/** The source of a declaration with its imports as the compiler must see them. */
function withSpecifiers(source: string, specifiers: ReadonlyMap<string, string>): string {
  if (specifiers.size === 0) return source;
  return source.replace(
    /(\bfrom\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)("[^"\n]+"|'[^'\n]+')/g,
    (whole, before: string, quoted: string) => {
      const written = specifiers.get(quoted.slice(1, -1));
      return written === undefined ? whole : before + JSON.stringify(written);
    },
  );
}

/** Plain JavaScript of the workspace runs as it is; its frames are the user's. Ours and packages' are not. */
function ownScript({ folder, packageRoot }: CompilerWorkspace, file: string): string | undefined {
  const ours = ["dist", "lib", "kernel", "node_modules"].some((name) => isInside(file, `${packageRoot}/${name}`));
  if (ours || !isInside(file, folder) || file.includes("/node_modules/")) return undefined;
  return path.posix.relative(folder, file);
}
