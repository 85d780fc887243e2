/** Runs the code of a cell with tslab's executor, and returns its value or error instead of printing it. */

import { setImmediate as nextTurn } from "node:timers/promises";
import { InternalError } from "../../lib/errors";
import type { CodeQuestion, NotebookLanguage, ProvidedNames } from "../compiler/index";
import { type Cell, currentCell, type Evaluation } from "../output/index";
import { protectedFromInterrupt } from "../stop/index";
import {
  type CompletionInfo,
  createExecutor,
  type Diagnostic,
  type Executor,
  type IsComplete,
  type QuickInfo,
  type TslabConverter,
} from "../tslabAdapter";
import { BesideExecution } from "./besideExecution";

/** Runs the code of cells, and answers questions about code of a console or an editor. */
export class CellExecutor {
  readonly #load: () => NotebookLanguage;
  readonly #running = new WeakMap<Cell, Evaluation>();
  /** Cells that run beside the main shell's. */
  readonly #beside = new WeakMap<Cell, BesideExecution>();
  /** The cells that have started and have neither ended nor been abandoned. */
  readonly #unfinished = new Set<Cell>();
  /** The cell that started last. */
  #latest: Cell | undefined;
  /** The cell that the language service prepares now. */
  #loading: Cell | undefined;
  #ends = false;
  #loaded: { readonly language: NotebookLanguage; readonly executor: Executor } | undefined;

  /**
   * Cells resolve modules from the working directory.
   *
   * @param load Loads the language service when it is first needed, which takes a while.
   */
  constructor(load: () => NotebookLanguage) {
    this.#load = load;
  }

  /** Loads the language service at once: a compiler in a process of its own starts while the kernel does. */
  start(): void {
    void this.#service;
  }

  /**
   * Resolves with what the code gave, also if it failed.
   *
   * @param isBeside Whether other cells may run at the same time: the cell is of a subshell.
   */
  async run(cell: Cell, source: string, isBeside = false): Promise<Evaluation> {
    const evaluation: Evaluation = { source, diagnostics: [] };
    this.#running.set(cell, evaluation);
    try {
      const isWanted = await this.#prepare(cell, source);
      if (!isWanted) evaluation.thrown = cell.signal.reason;
      else if (this.#ends) evaluation.thrown = new InternalError("the kernel ended before the cell began");
      else await this.#execute(cell, source, isBeside);
    } finally {
      this.#unfinished.delete(cell);
    }
    return evaluation;
  }

  /** The kernel ends: a cell that is being checked does not begin any more. */
  startNoMore(): void {
    this.#ends = true;
  }

  /** Prepares the language service for the code; resolves to false if the cell was interrupted meanwhile. */
  async #prepare(cell: Cell, source: string): Promise<boolean> {
    // The service prepares one cell at a time. No promise is waited for here, since code that is stopped by
    // force may take the reactions of promises with it.
    while (this.#loading !== undefined) await nextTurn();
    this.#loading = cell;
    try {
      // The names of a cell that still runs can be used as soon as its code has come to them.
      if (this.#latest && this.#unfinished.has(this.#latest)) this.#service.language.goOn(() => undefined, true);
      await this.#check(source);
      return !cell.signal.aborted;
    } finally {
      if (this.#loading === cell) this.#loading = undefined;
    }
  }

  /** Starts the code at once; resolves when it has ended. */
  #execute(cell: Cell, source: string, isBeside: boolean): Promise<unknown> {
    const { language, executor } = this.#service;
    language.setCellNumber(cell.count);
    this.#latest = cell;
    this.#unfinished.add(cell);
    return isBeside ? this.#runBeside(cell, source) : executor.execute(source);
  }

  async #runBeside(cell: Cell, source: string): Promise<void> {
    const converted = this.#recordingDiagnostics(this.#service.language).convert("", source);
    if (converted.diagnostics.length > 0) return;
    const execution = new BesideExecution();
    this.#beside.set(cell, execution);
    const end = await execution.run(converted);
    this.#record((evaluation) => Object.assign(evaluation, end));
  }

  /** The names of the notebook and their present values. */
  values(): ReadonlyMap<string, unknown> {
    return this.#service.language.values();
  }

  /** Removes variables of the notebook. */
  forget(names: readonly string[]): void {
    this.#service.language.forget(names);
  }

  /** Call it when code was stopped by force: see `forgetUnfinishedModules` of the service. */
  forgetUnfinishedModules(): void {
    this.#service.language.forgetUnfinishedModules();
  }

  isComplete(code: string): IsComplete {
    return protectedFromInterrupt(() => this.#service.language.isComplete(code));
  }

  async complete(code: string, position: number): Promise<CompletionInfo> {
    await this.#check(code, { about: "completion", position });
    return protectedFromInterrupt(() => this.#service.executor.complete(code, position));
  }

  async inspect(code: string, position: number): Promise<QuickInfo | undefined> {
    await this.#check(code, { about: "inspection", position });
    return protectedFromInterrupt(() => this.#service.executor.inspect(code, position));
  }

  /**
   * Loads what cells will need, step by step, so that messages are answered in between. Resolves with whether
   * everything is loaded; the next call goes on with the rest.
   */
  async warm(isIdle: () => boolean): Promise<boolean> {
    await nextTurn();
    return protectedFromInterrupt(() => this.#service.language.warm(isIdle));
  }

  /** Lets every cell use these names; call it before the first cell. */
  provide(names: ProvidedNames): void {
    this.#service.language.provide(names);
  }

  /**
   * Stops waiting for the running code; the code itself may continue.
   * @param until Set if it will continue and still declare its names: says when, see `goOn` of the service.
   */
  abandon(cell: Cell, until?: () => string | undefined): void {
    const { language, executor } = this.#service;
    if (until && this.#latest === cell) language.goOn(until);
    if (this.#loading === cell) this.#loading = undefined;
    this.#unfinished.delete(cell);
    const beside = this.#beside.get(cell);
    if (beside) beside.abandon();
    else executor.interrupt();
  }

  close(): void {
    this.#loaded?.executor.close();
  }

  /** Has the compiler check the code, or answer the question about it; plots keep growing meanwhile. */
  #check(code: string, question?: CodeQuestion): Promise<void> {
    return protectedFromInterrupt(() => this.#service.language.load(code, question));
  }

  get #service(): { readonly language: NotebookLanguage; readonly executor: Executor } {
    this.#loaded ??= protectedFromInterrupt(() => {
      const language = this.#load();
      const executor = createExecutor(process.cwd(), this.#recordingDiagnostics(language), {
        log: (value) => this.#record((evaluation) => Object.assign(evaluation, { value })),
        error: (thrown, ...diagnostic) => {
          if (diagnostic.length === 0) this.#record((evaluation) => Object.assign(evaluation, { thrown }));
        },
      });
      return { language, executor };
    });
    return this.#loaded;
  }

  /** Wraps the converter to record its diagnostics, since the executor passes on only their text. */
  #recordingDiagnostics(converter: TslabConverter): TslabConverter {
    const record = (diagnostics: readonly Diagnostic[]): void =>
      this.#record((evaluation) => evaluation.diagnostics.push(...diagnostics));
    return {
      convert: (prevDecl, src) => {
        const result = protectedFromInterrupt(() => converter.convert(prevDecl, src));
        record(result.diagnostics);
        return result;
      },
      addModule: (name, content) => {
        const diagnostics = protectedFromInterrupt(() => converter.addModule(name, content));
        record(diagnostics);
        return diagnostics;
      },
      inspect: (prevDecl, src, position) => converter.inspect(prevDecl, src, position),
      complete: (prevDecl, src, position) => converter.complete(prevDecl, src, position),
      close: () => converter.close(),
    };
  }

  #record(write: (evaluation: Evaluation) => void): void {
    const cell = currentCell();
    const evaluation = cell && this.#running.get(cell);
    if (evaluation) write(evaluation);
  }
}
